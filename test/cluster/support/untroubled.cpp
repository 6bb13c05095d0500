#include "test/cluster/support/untroubled.h"

#include <set>

#include "test/cluster/support/programs.h"

namespace steward::test {

namespace fs = std::filesystem;

Untroubled::Untroubled() : url_(Server::shared().new_database()) {
  project_.use(url_);
  project_.add_chain(2);
  const auto up = project_.steward({"upgrade"});
  EXPECT_EQ(up.exit, 0) << up.all();
}

std::string Untroubled::applied() const {
  return value("SELECT string_agg(revision, ',' ORDER BY seq) FROM steward.revision");
}

bool Untroubled::has_table(const std::string& name) const {
  return value("SELECT to_regclass('" + name + "') IS NOT NULL") == "t";
}

void Untroubled::expect_sound_ledger() const {
  EXPECT_EQ(value("SELECT string_agg(problem, ', ') FROM steward.verify_ledger()"), "");
}

std::string Untroubled::state() const {
  std::string text = value(
      "SELECT concat_ws(E'\\n',"
      " (SELECT string_agg(l::text, E'\\n' ORDER BY seq) FROM steward.ledger AS l"
      "  WHERE action <> 'failed'),"
      " (SELECT string_agg(revision, ',' ORDER BY revision) FROM steward.head),"
      " (SELECT string_agg(relname || relfilenode, ',' ORDER BY relname) FROM pg_class"
      "  WHERE relnamespace = 'public'::regnamespace))");
  std::set<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(project_.root()))
    if (entry.is_regular_file()) files.insert(fs::relative(entry.path(), project_.root()));
  for (const fs::path& file : files) text += "\n" + file.string() + "\n" + project_.read(file);
  return text;
}

void Untroubled::expect_refused(int exit, const std::vector<std::string>& words,
                                const std::vector<std::string>& verb) {
  const std::string before = state();
  const auto refused = project_.steward(verb);
  EXPECT_EQ(refused.exit, exit) << refused.all();
  EXPECT_EQ(refused.out, "");
  for (const std::string& word : words)
    EXPECT_NE(refused.err.find(word), std::string::npos) << word << "\nis not in\n" << refused.err;
  EXPECT_EQ(difference(before, state()), "");
}

void Untroubled::expect_file_refused(const std::string& text, int exit,
                                     const std::vector<std::string>& words) {
  project_.write("migrations/a3_a3.sql", text);
  expect_refused(exit, words);
}

std::string header(const std::string& id, const std::string& parents) {
  return "-- revision: " + id + "\n-- revises: " + parents + "\n-- message: " + id + "\n";
}

}  // namespace steward::test
