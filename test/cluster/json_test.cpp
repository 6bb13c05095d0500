// Every verb with --json: each line is an object with a documented event, the last one is the
// verb's result or its error, and no result has a member that docs/json.md does not name.
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "runner/json.h"
#include "runner/revision/rewrite.h"
#include "test/cluster/support/programs.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

using Words = std::vector<std::string>;
using Names = std::set<std::string>;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

Names in_backticks(const std::string& text) {
  static const std::regex quoted("`([^`]+)`");
  Names names;
  for (std::sregex_iterator at(text.begin(), text.end(), quoted), end; at != end; ++at)
    names.insert((*at)[1]);
  return names;
}

// docs/json.md, as a program that relies on it would read it.
class Register {
 public:
  Register() {
    const std::string page =
        revision::read_whole(std::filesystem::path(STEWARD_SOURCE_DIR) / "docs/json.md");
    const std::size_t results = page.find("## Results");
    for (const std::string& line : lines_of(page.substr(0, results))) read_event(line);
    for (const std::string& line : lines_of(page.substr(results))) read_result(line);
  }

  bool knows_event(const std::string& event) const { return events_.contains(event); }
  // `spec export` and `spec check` are what the verb `spec` does.
  bool knows_verb(const std::string& verb) const {
    const auto found = results_.lower_bound(verb);
    return found != results_.end() &&
           (found->first == verb || found->first.starts_with(verb + " "));
  }
  bool knows(const std::string& verb, const std::string& member) const {
    const auto found = results_.find(verb);
    return member == "event" || member == "verb" ||
           (found != results_.end() && found->second.contains(member));
  }

 private:
  void read_event(const std::string& line) {
    if (!line.starts_with("| `")) return;
    events_.merge(in_backticks(line.substr(0, line.find('|', 1))));
  }
  // | `upgrade`, `downgrade` | `from`, `to` ... |; a row whose first cell names no verb goes on for
  // the last ones.
  void read_result(const std::string& line) {
    if (line.starts_with("| of every finding")) verbs_ = {"lint", "plan", "diff", "hygiene"};
    if (!line.starts_with("| ")) return;
    const std::size_t bar = line.find('|', 1);
    const Names members = in_backticks(line.substr(bar));
    if (line.starts_with("| `")) verbs_ = in_backticks(line.substr(0, bar));
    for (const std::string& verb : verbs_) results_[verb].insert(members.begin(), members.end());
  }

  Names events_;
  Names verbs_;
  std::map<std::string, Names> results_;
};

class JsonLines : public testing::Test {
 protected:
  JsonLines() : url_(Server::shared().new_database()) {
    project_.use(url_);
    project_.add("j1", "", "CREATE TABLE note (id bigint PRIMARY KEY, text text);",
                 "DROP TABLE note;");
    project_.add("j2", "j1", "ALTER TABLE note ADD COLUMN owner_id bigint;",
                 "ALTER TABLE note DROP COLUMN owner_id;", "-- labels: notes\n");
    project_.write("schema.sql",
                   "CREATE TABLE note (id bigint PRIMARY KEY, text text, owner_id bigint);\n");
  }

  static const Register& documented() {
    static const Register one;
    return one;
  }

  // Runs the verb; judges every line; returns the last one.
  Json expect_documented(const Words& words, RunOptions options = {}) {
    Words all{"--json", "--yes"};
    all.insert(all.end(), words.begin(), words.end());
    const Outcome ran = options.directory.empty() ? project_.steward(all, std::move(options))
                                                  : test::steward(all, std::move(options));
    const std::string what = joined(words) + "\n" + ran.all();
    const std::vector<std::string> lines = lines_of(ran.out);
    EXPECT_FALSE(lines.empty()) << what;
    Json last;
    for (const std::string& line : lines) {
      last = Json::parse(line, nullptr, false);
      EXPECT_TRUE(last.is_object() && last.value("event", "") != "") << line << "\nof " << what;
      if (!last.is_object()) return {};
      const std::string event = last.value("event", "");
      EXPECT_TRUE(documented().knows_event(event)) << event << " of " << what;
      EXPECT_TRUE(&line == &lines.back() || (event != "result" && event != "error"))
          << "not the last line: " << what;
    }
    const bool of_two = words.front() == "spec";
    expect_last(last, of_two ? words[0] + " " + words[1] : words[0], ran.exit, what);
    return last;
  }

  static void expect_last(const Json& last, const std::string& verb, int exit,
                          const std::string& what) {
    const std::string event = last.value("event", "");
    EXPECT_TRUE(event == "result" || event == "error") << what;
    if (event == "error") {
      EXPECT_EQ(last["error"].value("exit", -1), exit) << what;
      return;
    }
    EXPECT_EQ(last.value("verb", ""), verb) << what;
    expect_members(last, verb, what);
  }

  // The keys of an object by relation are not ours.
  static void expect_members(const Json& json, const std::string& verb, const std::string& what) {
    if (json.is_array())
      for (const Json& item : json) expect_members(item, verb, what);
    if (!json.is_object()) return;
    for (const auto& [member, value] : json.items()) {
      EXPECT_TRUE(documented().knows(verb, member)) << member << " of " << what;
      const bool by_relation = member == "locks" || member == "sizes";
      if (!by_relation || value.is_array()) expect_members(value, verb, what);
    }
  }

  void expect_result(const Words& words, RunOptions options = {}) {
    const Json last = expect_documented(words, std::move(options));
    EXPECT_EQ(last.value("event", ""), "result") << joined(words);
  }

  RunOptions in_directory(const std::string& name) const {
    RunOptions options;
    options.directory = (project_.root() / name).string();
    return options;
  }

  static std::string joined(const Words& words) {
    std::string text = "steward --json --yes";
    for (const std::string& word : words) text += " " + word;
    return text;
  }

  // The verbs that `steward --help` lists.
  static Names verbs() {
    Names names;
    bool listed = false;
    for (const std::string& line : lines_of(test::steward({"--help"}).out)) {
      if (listed && line.starts_with("  ") && line.size() > 2 && line[2] != ' ')
        names.insert(line.substr(2, line.find_first_of(" ,", 2) - 2));
      if (line.starts_with("Subcommands") || line.starts_with("SUBCOMMANDS")) listed = true;
    }
    return names;
  }

  std::string url_;
  Project project_;
};

TEST_F(JsonLines, of_every_verb_are_documented) {
  std::filesystem::create_directory(project_.root() / "fresh");
  expect_result({"init"}, in_directory("fresh"));
  for (const Words& words :
       std::vector<Words>{{"doctor"},
                          {"wait"},
                          {"status"},
                          {"plan"},
                          {"plan", "--sql"},
                          {"upgrade", "--dry-run"},
                          {"upgrade", "--sql"},
                          {"upgrade"},
                          {"upgrade"},
                          {"status"},
                          {"current"},
                          {"history"},
                          {"show", "j1"},
                          {"verify"},
                          {"locks"},
                          {"lint", "migrations/j1_j1.sql"},
                          {"lint", "--rules"},
                          {"hygiene"},
                          {"hygiene", "--fix"},
                          {"check"},
                          {"drift"},
                          {"drift", "--sql"},
                          {"completion", "bash"},
                          {"export", "--to", "flyway", "exported"},
                          {"diff", "--from", url_, "--to", "schema.sql"},
                          {"roundtrip"},
                          {"spec", "export", "pages"},
                          {"spec", "check", "pages"},
                          {"isolate", "note", "--owner-column", "owner_id"},
                          {"isolate", "note", "--owner-column", "owner_id", "--online"},
                          {"isolate", "--app-role", "json_lines_app"},
                          {"prove"},
                          {"downgrade", "--dry-run", "base"},
                          {"downgrade", "--sql", "j2:j1"},
                          {"downgrade", "-1"}})
    expect_result(words);
}

TEST_F(JsonLines, of_verbs_that_write_files_are_documented) {
  expect_result({"revision", "-m", "One", "--rev-id", "k1"});
  expect_result({"revision", "-m", "Two", "--head", "j2", "--splice", "--rev-id", "k2"});
  expect_result({"heads"});
  expect_result({"branches"});
  expect_result({"merge", "heads", "-m", "Join", "--rev-id", "k3"});
  RunOptions editor;
  editor.environment["EDITOR"] = "true";
  expect_result({"edit", "k3"}, editor);
  std::filesystem::remove(project_.root() / "migrations/k3_join.sql");
  expect_result({"rebase"});
  expect_result({"check"});
  project_.write("schema.sql", "CREATE TABLE note (id bigint PRIMARY KEY);\n");
  expect_result({"check"});
  expect_documented({"revision", "--autogenerate", "-m", "Lose something"});
  std::filesystem::create_directory(project_.root() / "scripts");
  project_.write("scripts/0001_first.sql", "CREATE TABLE first (n integer);\n");
  expect_result({"import", "--from", "sql", "scripts", "--files-only"});
}

TEST_F(JsonLines, of_verbs_that_mend_are_documented) {
  expect_result({"upgrade"});
  Server::shared().connect(url_).run("ALTER TABLE note ADD COLUMN by_hand integer");
  expect_result({"drift", "--sql"});
  project_.add("j2", "j1", "ALTER TABLE note ADD COLUMN other integer;");
  expect_result({"status"});
  expect_result({"verify"});
  expect_result({"repair"});
  expect_result({"stamp", "j1"});
}

TEST_F(JsonLines, of_what_fails_end_in_its_error) {
  project_.add("j3", "j2", "SELECT 1;\nSELECT nonsense;");
  const Json failed = expect_documented({"upgrade"});
  EXPECT_EQ(failed["error"].value("code", ""), "step_failed");
  EXPECT_EQ(failed["error"].value("line", 0), 6);
  for (const Words& words : std::vector<Words>{{"upgrade", "nowhere"},
                                               {"upgrade", "--no-such-flag"},
                                               {"dev", "url"},
                                               {"show", "nothing"}}) {
    const Json last = expect_documented(words);
    EXPECT_EQ(last.value("event", ""), "error") << joined(words);
  }
}

// A verb that is new has to be tried above.
TEST_F(JsonLines, of_every_verb_there_is_are_documented) {
  EXPECT_GT(verbs().size(), 25u);
  for (const std::string& verb : verbs()) EXPECT_TRUE(documented().knows_verb(verb)) << verb;
}

}  // namespace
}  // namespace steward::test
