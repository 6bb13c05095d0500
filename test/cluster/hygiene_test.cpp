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
  EXPECT_EQ(json::parse(steward({"hygiene", "--format", "xml", "--json"}).out)["error"]["code"],
            "bad_format");
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
  EXPECT_NE(steward({"hygiene", "--baseline", "base.json", "--rule", "foreign-key-without-index",
                     "--fix"})
                .err.find("wrote "),
            std::string::npos)
      << "what is known can be mended";
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

// Something for every rule that has a fix, but for the two whose way back is none: VALIDATE and
// REINDEX.
const char* const mendable = R"(
CREATE SCHEMA "Mixed"; CREATE SCHEMA many; CREATE SCHEMA loose; SET search_path = many;
CREATE TABLE users (id uuid PRIMARY KEY);
CREATE TABLE parent (id int PRIMARY KEY, name text);
CREATE TABLE child (id int PRIMARY KEY, parent_id int REFERENCES parent ON DELETE CASCADE, b int, c int NOT NULL, d int, updated_at timestamptz);
CREATE TABLE grandchild (id int PRIMARY KEY, updated_at timestamptz, search tsvector);
CREATE TABLE "Mixed".other (id int PRIMARY KEY, "Updated" int, updated_at timestamptz);
CREATE FUNCTION "Mixed".set_updated_at() RETURNS trigger LANGUAGE plpgsql AS 'begin new.updated_at = now(); return new; end';
CREATE TABLE link (a int NOT NULL REFERENCES parent ON DELETE CASCADE, b int NOT NULL REFERENCES child ON DELETE CASCADE, PRIMARY KEY (a, b));
CREATE INDEX same_1 ON child (b); CREATE INDEX same_2 ON child (b);
CREATE INDEX short ON child (d); CREATE INDEX long ON child (d, b DESC);
CREATE INDEX on_key ON child (id); CREATE INDEX twice ON parent (name, name); CREATE INDEX needless ON child (c) WHERE c IS NOT NULL;
CREATE TABLE named (code int UNIQUE); CREATE INDEX again ON named (code);
CREATE INDEX "Odd" ON "Mixed".other ("Updated");
CREATE TABLE noted (subject_type text, subject_id int);
CREATE TABLE owned (id int PRIMARY KEY, user_id uuid);
CREATE POLICY own ON owned USING (user_id IS NOT NULL);
CREATE TABLE guarded (id int PRIMARY KEY, group_id int); ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON guarded USING (group_id = 1);
CREATE VIEW past AS SELECT * FROM guarded; CREATE VIEW told WITH (security_invoker = off) AS SELECT * FROM guarded;
CREATE TABLE idle (id int); CREATE POLICY nothing ON idle USING (id = 1);
CREATE FUNCTION open(n int DEFAULT 1) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT n';
GRANT CREATE ON SCHEMA loose TO PUBLIC;
CREATE SEQUENCE free; CREATE TABLE filled (id int PRIMARY KEY DEFAULT nextval('free'));
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER stamp BEFORE INSERT ON filled FOR EACH ROW EXECUTE FUNCTION stamp(); ALTER TABLE filled DISABLE TRIGGER stamp;
)";

TEST_F(Hygiene, mends_by_every_rule_and_leaves_no_trace_on_the_way_back) {
  Server::shared().connect(url_).run(mendable);
  const std::string config =
      R"('{"rules": {"name-pattern": {"level": "note", "index": "idx_{table}_{columns}"}}}')";
  project_.write("steward.toml",
                 "[rules.name-pattern]\nlevel = \"note\"\nindex = \"idx_{table}_{columns}\"\n");
  const std::string found = "FROM steward.located_findings(NULL, NULL, " + config +
                            ") WHERE fix IS NOT NULL AND rule <> 'name-pattern'";
  const std::string schema =
      "SELECT md5(string_agg(id || hash, ',' ORDER BY id COLLATE \"C\")) FROM steward.snapshot()";
  EXPECT_EQ(value("SELECT string_agg(DISTINCT rule, ' ' ORDER BY rule) " + found),
            "foreign-key-without-index index-duplicate index-on-primary-key index-on-unique-column "
            "index-redundant-prefix index-repeated-column index-unneeded-predicate "
            "link-table-reverse-index policy-column-unindexed policy-without-rls "
            "polymorphic-reference-unindexed public-schema-create rls-disabled rls-not-forced "
            "security-definer-public-execute security-definer-search-path sequence-not-owned "
            "trigger-disabled tsvector-without-gin updated-at-not-maintained user-id-indexed "
            "view-bypasses-rls");
  const std::string before = value(schema);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(steward({"hygiene", "--fix", "-q"}).exit, 12);
    const Outcome up = steward({"upgrade"});
    EXPECT_EQ(up.exit, 0) << up.err;
  }
  EXPECT_EQ(value("SELECT count(*) " + found), "0");
  EXPECT_EQ(value("SELECT count(*) FROM pg_trigger WHERE tgname = 'set_updated_at'"), "3");
  const Outcome down = steward({"downgrade", "base"});
  EXPECT_EQ(down.exit, 0) << down.err;
  EXPECT_EQ(value(schema), before);
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
