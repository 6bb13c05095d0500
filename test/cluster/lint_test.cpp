// The safety rules as the program applies them: lint with and without a database, its --fix, what
// plan shows, what upgrade refuses, and what the server says after the fact.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "test/cluster/support/programs.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

using nlohmann::json;

class Lint : public testing::Test {
 protected:
  Lint() : url_(Server::shared().new_database()) {
    project_.use(url_);
    project_.add("s1", "",
                 "CREATE TABLE box (id bigint PRIMARY KEY);\n"
                 "CREATE TABLE item (id bigint PRIMARY KEY, note text, box_id bigint);\n"
                 "CREATE INDEX item_note_idx ON item (note);",
                 "DROP TABLE item;\nDROP TABLE box;");
  }
  void add_not_null() const {
    project_write("s2", "s1", "ALTER TABLE item ALTER COLUMN note SET NOT NULL;",
                  "ALTER TABLE item ALTER COLUMN note DROP NOT NULL;");
  }
  void project_write(const std::string& id, const std::string& parent, const std::string& up,
                     const std::string& down, const std::string& header = "") const {
    project_.write("migrations/" + id + "_" + id + ".sql",
                   "-- revision: " + id + "\n-- revises: " + parent + "\n" + header +
                       "-- steward:upgrade\n" + up + "\n-- steward:downgrade\n" + down + "\n");
  }
  void fill() const {
    pg::Connection connection = Server::shared().connect(url_);
    connection.run(
        "INSERT INTO box SELECT generate_series(1, 100);"
        "INSERT INTO item SELECT g, 'x', g FROM generate_series(1, 100) AS g; ANALYZE");
  }
  void configure(const std::string& text) const { project_.write("steward.toml", text); }
  Outcome steward(std::vector<std::string> words) const { return project_.steward(words); }
  json findings(std::vector<std::string> words) const {
    words.push_back("--json");
    return json::parse(steward(words).out)["findings"];
  }
  std::string value(const std::string& query) const { return Server::shared().value(url_, query); }

  std::string url_;
  Project project_;
};

TEST_F(Lint, finds_in_files_alone_and_exits_with_12) {
  add_not_null();
  const auto found = steward({"lint"});
  EXPECT_EQ(found.exit, 12) << found.all();
  EXPECT_NE(found.out.find("migrations/s2_s2.sql:4: error set-not-null: item.note"),
            std::string::npos)
      << found.out;
  EXPECT_NE(found.out.find("1 error, 0 warnings, 0 notes"), std::string::npos) << found.out;
  EXPECT_EQ(steward({"lint", "--fail-on", "never"}).exit, 0);
  EXPECT_EQ(steward({"lint", "s1"}).exit, 0);
  EXPECT_EQ(steward({"lint", "migrations/s2_s2.sql"}).exit, 12);
  EXPECT_EQ(steward({"lint", "--format", "poem"}).exit, 2);
  EXPECT_EQ(json::parse(steward({"lint", "--format", "poem", "--json"}).out)["error"]["code"],
            "bad_format");
  const json one = findings({"lint"});
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0]["rule"], "set-not-null");
  EXPECT_EQ(one[0]["line"], 4);
  EXPECT_NE(one[0]["fix"].get<std::string>().find("NOT VALID"), std::string::npos);
}

TEST_F(Lint, speaks_to_machines) {
  add_not_null();
  const json line = json::parse(steward({"lint", "--format", "json"}).out);
  EXPECT_EQ(line["rule"], "set-not-null");
  const json log = json::parse(steward({"lint", "--format", "sarif"}).out);
  const json& result = log["runs"][0]["results"][0];
  EXPECT_EQ(result["ruleId"], "set-not-null");
  EXPECT_EQ(result["locations"][0]["physicalLocation"]["region"]["startLine"], 4);
  const auto github = steward({"lint", "--format", "github"});
  EXPECT_EQ(github.exit, 12);
  EXPECT_NE(github.out.find("::error "), std::string::npos) << github.out;
  EXPECT_NE(github.out.find("file=migrations/s2_s2.sql,line=4"), std::string::npos) << github.out;
  EXPECT_NE(steward({"lint", "--format", "junit"}).out.find("set-not-null"), std::string::npos);
}

TEST_F(Lint, takes_an_allow_and_a_level) {
  add_not_null();
  const std::string file = project_.read("migrations/s2_s2.sql");
  project_.write("migrations/s2_s2.sql", file.substr(0, file.find("-- steward")) +
                                             "-- allow: set-not-null small table\n" +
                                             file.substr(file.find("-- steward")));
  const auto allowed = steward({"lint"});
  EXPECT_EQ(allowed.exit, 0) << allowed.all();
  EXPECT_NE(allowed.out.find("1 allowed"), std::string::npos);
  EXPECT_EQ(findings({"lint"})[0]["waiver"], "small table");
  project_.write("migrations/s2_s2.sql", file);
  configure("[rules]\nset-not-null = \"warning\"\n");
  EXPECT_EQ(steward({"lint"}).exit, 0);
  EXPECT_EQ(steward({"lint", "--fail-on", "warning"}).exit, 12);
}

TEST_F(Lint, says_what_a_slip_of_the_pen_may_have_meant) {
  configure("[rules]\ndrop-colum = \"off\"\ntable-without-comment = \"off\"\n");
  project_write("s2", "s1", "ALTER TABLE item DROP COLUMN note;",
                "ALTER TABLE item ADD COLUMN note text;", "-- allow: drop-colunm not read\n");
  const auto slips = steward({"lint"});
  EXPECT_EQ(slips.exit, 12);
  EXPECT_NE(slips.err.find("no safety rule \"drop-colum\""), std::string::npos) << slips.err;
  EXPECT_EQ(slips.err.find("table-without-comment"), std::string::npos) << slips.err;
  EXPECT_NE(slips.out.find("is \"drop-column\" meant?"), std::string::npos) << slips.out;
  const auto nowhere = steward({"lint", "migrations/s9_s9.sql"});
  EXPECT_EQ(nowhere.exit, 2);
  EXPECT_NE(nowhere.err.find("there is no file migrations/s9_s9.sql"), std::string::npos)
      << nowhere.err;
}

TEST_F(Lint, asks_the_database_for_sizes) {
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  add_not_null();
  EXPECT_EQ(findings({"lint", "--url", url_}), json::array());  // it is empty
  fill();
  const json small = findings({"lint", "--url", url_});
  ASSERT_EQ(small.size(), 1u);
  EXPECT_EQ(small[0]["severity"], "note");
  configure("[safety]\nlarge_table = \"8kB\"\n");
  const json large = findings({"lint", "--url", url_});
  EXPECT_EQ(large[0]["severity"], "error");
  EXPECT_NE(large[0]["effect"].get<std::string>().find("about 100 rows"), std::string::npos);
  EXPECT_EQ(value("SELECT count(*) FROM steward.ledger"), "1");
}

TEST_F(Lint, upgrade_refuses_errors_about_large_tables) {
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  add_not_null();
  fill();
  configure("[safety]\nlarge_table = \"8kB\"\n");
  const auto refused = steward({"upgrade"});
  EXPECT_EQ(refused.exit, 12) << refused.all();
  EXPECT_NE(refused.err.find("rule set-not-null refuses revision \"s2\""), std::string::npos)
      << refused.err;
  EXPECT_EQ(value("SELECT string_agg(revision, ',') FROM steward.head"), "s1");
  const auto plan = steward({"plan"});
  EXPECT_EQ(plan.exit, 0);
  EXPECT_NE(plan.out.find("error set-not-null"), std::string::npos) << plan.out;
  configure("[safety]\nlarge_table = \"8kB\"\non_upgrade = \"warn\"\n");
  const auto warned = steward({"upgrade"});
  EXPECT_EQ(warned.exit, 0) << warned.all();
  EXPECT_NE(warned.err.find("set-not-null"), std::string::npos);
}

TEST_F(Lint, upgrade_lets_pass_what_is_small_or_allowed) {
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  add_not_null();
  fill();
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  project_write("s3", "s2", "ALTER TABLE item DROP COLUMN box_id;",
                "ALTER TABLE item ADD COLUMN box_id bigint;");
  configure("[safety]\nlarge_table = \"8kB\"\n");
  EXPECT_EQ(steward({"upgrade"}).exit, 12);
  project_write("s3", "s2", "ALTER TABLE item DROP COLUMN box_id;",
                "ALTER TABLE item ADD COLUMN box_id bigint;", "-- allow: drop-column not used\n");
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
}

// The safe form ends in the same schema, passes lint, and leads back.
TEST_F(Lint, fix_writes_what_does_the_same) {
  project_write(
      "s2", "s1",
      "ALTER TABLE item ADD CONSTRAINT item_box_fkey FOREIGN KEY (box_id) REFERENCES box;\n"
      "CREATE INDEX item_box_idx ON item (box_id);",
      "DROP INDEX item_box_idx;\nALTER TABLE item DROP CONSTRAINT item_box_fkey;");
  project_write("s3", "s2", "ALTER TABLE item ALTER COLUMN note SET NOT NULL;",
                "ALTER TABLE item ALTER COLUMN note DROP NOT NULL;");
  project_write("s4", "s3",
                "ALTER TABLE item ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();",
                "ALTER TABLE item DROP COLUMN token;");
  project_write("s5", "s4", "ALTER TABLE item ADD CONSTRAINT item_token_key UNIQUE (token);",
                "ALTER TABLE item DROP CONSTRAINT item_token_key;");
  const std::string plain = Server::shared().new_database();
  project_.use(plain);
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  const std::string expected = dump(plain, {"--schema-only"});

  project_.use(url_);
  ASSERT_EQ(steward({"upgrade", "s1"}).exit, 0);
  const std::string before = dump(url_, {"--schema-only"});
  fill();
  const auto fixed = steward({"lint", "--fix"});
  ASSERT_EQ(fixed.exit, 0) << fixed.all();
  const auto clean = steward({"lint", "--fail-on", "warning"});
  EXPECT_EQ(clean.exit, 0) << clean.all();
  const auto up = steward({"upgrade"});
  ASSERT_EQ(up.exit, 0) << up.all() << fixed.all();
  EXPECT_EQ(value("SELECT count(token) FROM item"), "100");
  EXPECT_EQ(difference(expected, dump(url_, {"--schema-only"})), "");
  const auto down = steward({"downgrade", "s1"});
  ASSERT_EQ(down.exit, 0) << down.all();
  EXPECT_EQ(difference(before, dump(url_, {"--schema-only"})), "");
  EXPECT_EQ(steward({"lint", "--fix"}).out, "");
}

TEST_F(Lint, fix_leaves_what_is_applied_and_what_is_needed) {
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  add_not_null();
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  project_write("s3", "s2",
                "CREATE INDEX item_box_idx ON item (box_id);\nCLUSTER item USING item_box_idx;",
                "DROP INDEX item_box_idx;");
  const std::string applied = project_.read("migrations/s2_s2.sql");
  const std::string needed = project_.read("migrations/s3_s3.sql");
  const auto fixed = steward({"lint", "--fix"});
  EXPECT_EQ(fixed.exit, 0) << fixed.all();
  EXPECT_NE(fixed.err.find("a later statement of the revision stands on it"), std::string::npos)
      << fixed.err;
  EXPECT_EQ(project_.read("migrations/s2_s2.sql"), applied);
  EXPECT_EQ(project_.read("migrations/s3_s3.sql"), needed);
}

TEST_F(Lint, the_server_says_after_the_fact_what_was_held) {
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  fill();
  project_write("s2", "s1", "ALTER TABLE item ALTER COLUMN box_id TYPE int;\nSELECT pg_sleep(1.1);",
                "ALTER TABLE item ALTER COLUMN box_id TYPE bigint;");
  const auto run = steward({"upgrade"});
  ASSERT_EQ(run.exit, 0) << run.all();
  EXPECT_NE(run.err.find("revision s2 held AccessExclusiveLock on public.item (8 kB) for 1."),
            std::string::npos)
      << run.err;
  EXPECT_NE(run.err.find("and wrote it anew"), std::string::npos);
  EXPECT_EQ(value("SELECT statements -> 0 -> 'rewrites' FROM steward.ledger WHERE revision = 's2'"),
            "[\"public.item\"]");
  EXPECT_EQ(value("SELECT statements -> 0 -> 'sizes' FROM steward.ledger WHERE revision = 's2'"),
            "{\"public.item\": 8192}");
  // A table of its own is nobody's loss.
  EXPECT_EQ(value("SELECT count(*) FROM steward.ledger, jsonb_array_elements(statements) AS s "
                  "WHERE revision = 's1' AND (s ? 'sizes' OR s ? 'rewrites')"),
            "0");
}

}  // namespace
}  // namespace steward::test
