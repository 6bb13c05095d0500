// The verb hygiene against a database: levels, waivers, baselines, and the revision that mends.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

using nlohmann::json;

class Hygiene : public testing::Test {
 protected:
  Hygiene() : url_(Server::shared().new_database()) {
    project_.use(url_);
    Server::shared().connect(url_).run(
        "CREATE EXTENSION pg_steward; CREATE TABLE p (id uuid PRIMARY KEY);"
        "CREATE TABLE t (id uuid PRIMARY KEY, p_id uuid REFERENCES p ON DELETE CASCADE, j json);");
  }

  Outcome steward(const std::vector<std::string>& words) const { return project_.steward(words); }
  std::string value(const std::string& query) const { return Server::shared().value(url_, query); }
  // The objects of the findings of a rule.
  std::vector<std::string> objects(const std::string& rule,
                                   std::vector<std::string> words = {}) const {
    words.insert(words.begin(), {"hygiene", "--json", "--rule", rule});
    const Outcome run = steward(words);
    std::vector<std::string> found;
    const json report = json::parse(run.out);
    for (const json& one : report["findings"]) found.push_back(one["object"]);
    return found;
  }

  Project project_;
  std::string url_;
};

TEST_F(Hygiene, is_refused_by_what_it_finds) {
  const Outcome run = steward({"hygiene"});
  EXPECT_EQ(run.exit, 12) << run.all();
  EXPECT_NE(run.out.find("error foreign-key-without-index"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("    fix: CREATE INDEX CONCURRENTLY t_p_id_idx ON public.t (p_id);\n"),
            std::string::npos)
      << run.out;
  EXPECT_EQ(steward({"hygiene", "--rule", "column-type-json"}).exit, 0);
  EXPECT_EQ(steward({"hygiene", "--rule", "column-type-json", "--fail-on", "warning"}).exit, 12);
}

TEST_F(Hygiene, follows_the_configuration_without_storing_it) {
  project_.write("steward.toml",
                 "[hygiene]\nfail_on = \"warning\"\n[rules]\nforeign-key-without-index = \"note\"\n"
                 "[rules.column-type-json]\ntables.\"public.t\" = \"off\"\n");
  const json report = json::parse(steward({"hygiene", "--json"}).out);
  EXPECT_FALSE(report["findings"].empty());
  for (const json& one : report["findings"]) {
    EXPECT_NE(one["rule"], "column-type-json");
    if (one["rule"] == "foreign-key-without-index") {
      EXPECT_EQ(one["severity"], "note");
    }
  }
  EXPECT_EQ(value("SELECT count(*) FROM steward.rule"), "0");
}

TEST_F(Hygiene, refuses_rules_levels_and_options_that_are_not_there) {
  EXPECT_EQ(steward({"hygiene", "--rule", "no-such-rule"}).exit, 2);
  EXPECT_EQ(steward({"hygiene", "--format", "xml"}).exit, 2);
  EXPECT_EQ(steward({"hygiene", "--fail-on", "anything"}).exit, 2);
  EXPECT_EQ(steward({"hygiene", "--write-baseline"}).exit, 2);
  EXPECT_EQ(steward({"hygiene", "--baseline", "nowhere.json"}).exit, 2);
  project_.write("steward.toml", "[hygiene]\nowner_colum = \"user_id\"\n");
  const Outcome run = steward({"hygiene"});
  EXPECT_EQ(run.exit, 2);
  EXPECT_NE(run.err.find("has no option \"owner_colum\""), std::string::npos) << run.err;
}

TEST_F(Hygiene, shows_what_is_waived_as_such) {
  Server::shared().connect(url_).run(
      "SELECT steward.waive('column-type-json', 'public.t.j', 'kept as it came')");
  const Outcome text = steward({"hygiene", "--rule", "column-type-json", "--fail-on", "note"});
  EXPECT_EQ(text.out, "nothing found; 1 waived\n");
  EXPECT_EQ(text.exit, 0);
  const json log =
      json::parse(steward({"hygiene", "--rule", "column-type-json", "--format", "sarif"}).out);
  EXPECT_EQ(log["runs"][0]["results"][0]["suppressions"][0]["justification"], "kept as it came");
}

TEST_F(Hygiene, begins_green_with_a_baseline_that_only_shrinks) {
  EXPECT_EQ(steward({"hygiene", "--baseline", "base.json", "--write-baseline"}).exit, 0);
  EXPECT_EQ(steward({"hygiene", "--baseline", "base.json", "--fail-on", "note"}).exit, 0);
  pg::Connection connection = Server::shared().connect(url_);
  connection.run("CREATE INDEX ON t (p_id); CREATE TABLE later (n integer)");
  const Outcome run = steward({"hygiene", "--baseline", "base.json"});
  EXPECT_EQ(run.exit, 12);
  EXPECT_NE(run.out.find("public.later"), std::string::npos) << run.out;
  EXPECT_NE(run.err.find("no longer there"), std::string::npos) << run.err;
  EXPECT_EQ(steward({"hygiene", "--baseline", "base.json", "--write-baseline"}).exit, 12)
      << "what came later does not get in";
  connection.run("DROP INDEX t_p_id_idx; DROP TABLE later");
  EXPECT_EQ(steward({"hygiene", "--baseline", "base.json"}).exit, 12)
      << "what was mended came back";
}

TEST_F(Hygiene, writes_revisions_that_mend_and_go_back) {
  Server::shared().connect(url_).run(
      "ALTER TABLE t ADD CHECK (j IS NOT NULL) NOT VALID; CREATE INDEX a ON t (p_id, id); "
      "CREATE INDEX b ON t (p_id, id); "
      "SELECT steward.waive('index-duplicate', 'public.b', 'a test')");
  const auto count = [this] {
    return value("SELECT count(*) FROM steward.hygiene() WHERE fix IS NOT NULL");
  };
  const std::string before = count();
  EXPECT_NE(before, "0");
  steward({"hygiene", "--fix", "-q"});
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  EXPECT_EQ(count(), "0");
  EXPECT_EQ(value("SELECT to_regclass('b') IS NOT NULL"), "t") << "what is waived is left alone";
  EXPECT_EQ(steward({"downgrade", "base"}).exit, 0);
  EXPECT_EQ(steward({"hygiene", "--fix", "--rule", "table-without-comment"}).err,
            "no finding has a fix that is safe\n");
}

TEST_F(Hygiene, needs_no_privilege_but_to_connect) {
  Server::shared().connect(url_).run(
      "DO $$ BEGIN CREATE ROLE hygiene_reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; "
      "END $$");
  project_.use(Server::shared().url(value("SELECT current_database()"), "hygiene_reader"));
  EXPECT_EQ(steward({"hygiene"}).exit, 12);
  EXPECT_EQ(objects("column-type-json"), std::vector<std::string>{"public.t.j"});
}

TEST_F(Hygiene, says_where_the_rules_are_when_they_are_not_here) {
  project_.use(Server::shared().new_database());
  const Outcome run = steward({"hygiene"});
  EXPECT_EQ(run.exit, 12);
  EXPECT_NE(run.err.find("CREATE EXTENSION pg_steward"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace steward::test
