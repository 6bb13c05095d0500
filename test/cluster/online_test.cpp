// revision --autogenerate --online: the revisions that keep nobody waiting, with rows in the
// tables.
#include <gtest/gtest.h>

#include <filesystem>

#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

class Online : public testing::Test {
 protected:
  Online() : url_(Server::shared().new_database()) { project_.use(url_); }

  Outcome steward(const std::vector<std::string>& words) const { return project_.steward(words); }
  std::string value(const std::string& query) const { return Server::shared().value(url_, query); }

  // Writes and applies; returns the revisions as one text.
  std::string arrive(const std::string& schema, const std::vector<std::string>& flags = {}) {
    project_.write("schema.sql", schema);
    std::vector<std::string> words = {"revision", "--autogenerate", "-m", "change"};
    words.insert(words.end(), flags.begin(), flags.end());
    const auto made = steward(words);
    EXPECT_EQ(made.exit, 0) << made.all();
    warnings_ = made.err;
    const auto up = steward({"upgrade"});
    EXPECT_EQ(up.exit, 0) << up.all();
    EXPECT_EQ(steward({"check"}).exit, 0);
    std::string text;
    for (const auto& file : std::filesystem::directory_iterator(project_.root() / "migrations"))
      text += project_.read("migrations/" + file.path().filename().string());
    return text;
  }
  void expect_no_lint_error() {
    const auto found = steward({"lint", "--fail-on", "error", "base:head"});
    EXPECT_EQ(found.exit, 0) << found.all();
  }
  void back_to_the_first() {
    for (int steps = 0; steps < 40 && steward({"current"}).out.find(first_) == std::string::npos;
         ++steps) {
      const auto down = steward({"downgrade", "-1"});
      ASSERT_EQ(down.exit, 0) << down.all();
    }
  }
  void begin(const std::string& schema) {
    arrive(schema);
    first_ = value("SELECT revision FROM steward.head");
  }

  Project project_;
  std::string url_;
  std::string warnings_;
  std::string first_;
};

TEST_F(Online, builds_and_validates_what_others_would_wait_for) {
  begin(
      "CREATE TABLE person (id int PRIMARY KEY, code text);\n"
      "CREATE TABLE task (id int PRIMARY KEY, owner int, title text, old int);\n"
      "CREATE INDEX task_old ON task (old);\n"
      "CREATE INDEX task_title ON task (title);\n");
  value("INSERT INTO person VALUES (1, 'a') RETURNING 1");
  value("INSERT INTO task SELECT n, 1, 'title', n FROM generate_series(1, 100) AS n RETURNING 1");
  const std::string text = arrive(
      "CREATE TABLE person (id int PRIMARY KEY, code text NOT NULL UNIQUE);\n"
      "CREATE TABLE task (id int PRIMARY KEY, owner int NOT NULL REFERENCES person, title text\n"
      "  CHECK (title <> ''), old int, code text REFERENCES person (code));\n"
      "CREATE INDEX task_title ON task (title, id);\n"
      "CREATE INDEX task_owner ON task (owner);\n",
      {"--online"});
  for (const char* part :
       {"CREATE INDEX CONCURRENTLY task_owner", "CREATE INDEX CONCURRENTLY task_title",
        "DROP INDEX CONCURRENTLY public.task_old", "NOT VALID", "VALIDATE CONSTRAINT",
        "CREATE UNIQUE INDEX CONCURRENTLY person_code_key", "UNIQUE USING INDEX person_code_key",
        "CHECK (owner IS NOT NULL) NOT VALID", "transaction=off"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  EXPECT_EQ(warnings_.find("nothing that keeps"), std::string::npos) << warnings_;
  expect_no_lint_error();
  EXPECT_EQ(value("SELECT count(*) FROM task"), "100");
  back_to_the_first();
  EXPECT_EQ(steward({"drift"}).exit, 0);
  EXPECT_EQ(value("SELECT count(*) FROM task"), "100");
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  EXPECT_EQ(steward({"roundtrip"}).exit, 0);
}

TEST_F(Online, is_printed_by_diff_as_it_is_written) {
  project_.write("old.sql", "CREATE TABLE t (id int PRIMARY KEY, n int, m int);");
  project_.write("new.sql",
                 "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL, m int);"
                 "CREATE INDEX t_m_idx ON t (m);");
  const auto up = steward({"diff", "--from", "old.sql", "--to", "new.sql", "--online"});
  EXPECT_EQ(up.exit, 0) << up.all();
  const std::size_t check = up.out.find("NOT VALID"), validate = up.out.find("VALIDATE CONSTRAINT"),
                    set = up.out.find("SET NOT NULL");
  EXPECT_LT(check, validate) << up.out;
  EXPECT_LT(validate, set) << up.out;
  EXPECT_LT(set, up.out.size()) << up.out;
  EXPECT_NE(up.out.find("CREATE INDEX CONCURRENTLY t_m_idx"), std::string::npos) << up.out;
  EXPECT_NE(up.out.find("(transaction=off)"), std::string::npos) << up.out;
  const auto down =
      steward({"diff", "--from", "old.sql", "--to", "new.sql", "--online", "--downgrade"});
  EXPECT_NE(down.out.find("DROP INDEX CONCURRENTLY public.t_m_idx"), std::string::npos) << down.out;
  EXPECT_NE(down.out.find("-- back: revision 1 of "), std::string::npos) << down.out;
  EXPECT_EQ(steward({"diff", "--from", "new.sql", "--to", "new.sql", "--online"}).out, "");
}

TEST_F(Online, fills_a_column_of_another_type_beside_the_old_one) {
  begin("CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL DEFAULT 4, note text);");
  value("INSERT INTO t SELECT g, g * 2 FROM generate_series(1, 30000) AS g RETURNING 1");
  value("COMMENT ON COLUMN t.n IS 'the n'");
  const std::string text =
      arrive("CREATE TABLE t (id int PRIMARY KEY, n bigint NOT NULL DEFAULT 5, note text);",
             {"--online", "--allow-destructive"});
  EXPECT_NE(text.find("n_new"), std::string::npos) << text;
  EXPECT_EQ(warnings_.find("nothing that keeps"), std::string::npos) << warnings_;
  EXPECT_EQ(value("SELECT sum(n) FROM t"), "900030000");
  EXPECT_EQ(value("INSERT INTO t (id) VALUES (0) RETURNING n"), "5");
  back_to_the_first();
  EXPECT_EQ(value("SELECT sum(n) FROM t"), "900030005");
  EXPECT_EQ(steward({"drift"}).exit, 0);
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  EXPECT_EQ(value("SELECT sum(n) FROM t"), "900030005");
}

TEST_F(Online, names_what_has_no_safe_form) {
  begin("CREATE TABLE t (id int PRIMARY KEY, r int4range, n int);\nCREATE INDEX ti ON t (n);");
  value("INSERT INTO t VALUES (1, '[1,2)', 5) RETURNING 1");
  arrive(
      "CREATE TABLE t (id int PRIMARY KEY, r int4range, n bigint, EXCLUDE USING gist (r WITH "
      "&&));\n"
      "CREATE INDEX ti ON t (n);",
      {"--online"});
  EXPECT_NE(warnings_.find("EXCLUDE"), std::string::npos) << warnings_;
  EXPECT_NE(warnings_.find("index public.ti stands on it"), std::string::npos) << warnings_;
}

TEST_F(Online, writes_one_revision_where_nobody_waits) {
  begin("CREATE TABLE t (id int);");
  value("INSERT INTO t VALUES (1) RETURNING 1");
  const std::string text = arrive("CREATE TABLE t (id int, note text);", {"--online"});
  EXPECT_EQ(text.find("transaction=off"), std::string::npos) << text;
  EXPECT_EQ(value("SELECT count(*) FROM steward.revision"), "2");
}

}  // namespace
}  // namespace steward::test
