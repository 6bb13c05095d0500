// drift: what came from elsewhere, by whom, and the revisions that adopt or undo it; the
// fingerprint that tells without a shadow that nothing did.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

constexpr const char* up =
    "CREATE TABLE person (id int PRIMARY KEY, name text);\n"
    "CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';";
constexpr const char* down = "DROP FUNCTION twice; DROP TABLE person;";

class Drift : public testing::Test {
 protected:
  Drift() : url_(Server::shared().new_database()) {
    project_.use(url_);
    project_.add("a1", "", up, down);
    const auto applied = steward({"upgrade"});
    EXPECT_EQ(applied.exit, 0) << applied.all();
  }

  Outcome steward(const std::vector<std::string>& words) const { return project_.steward(words); }
  std::string value(const std::string& query) const { return Server::shared().value(url_, query); }
  // The last revision that was written.
  std::string written(const std::string& of) const {
    for (const auto& file : std::filesystem::directory_iterator(project_.root() / "migrations"))
      if (file.path().string().find(of) != std::string::npos) {
        std::ostringstream text;
        text << std::ifstream(file.path()).rdbuf();
        return text.str();
      }
    return "";
  }
  static void expect_in(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nis not in\n" << text;
  }

  Project project_;
  std::string url_;
};

TEST_F(Drift, shows_both_definitions_and_who_touched_it) {
  value("ALTER TABLE person ALTER name TYPE varchar(50), ADD born date");
  value("CREATE OR REPLACE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 3 * n'");
  const auto drifted = steward({"drift"});
  EXPECT_EQ(drifted.exit, 3);
  expect_in(drifted.out, "~ table public.person\n    last touched by the upgrade of a1, 20");
  expect_in(drifted.out, "  + column public.person.born\n      + type: date\n");
  expect_in(drifted.out,
            "  ~ column public.person.name\n      - type: text\n"
            "      + type: character varying(50)\n");
  expect_in(drifted.out, "~ function public.twice(integer)\n    last touched by the upgrade of a1");
  expect_in(drifted.out, "    -   AS $function$SELECT 2 * n$function$\n");
}

TEST_F(Drift, names_the_statement_that_the_guard_saw) {
  value("SELECT steward.set_guard('warn')");
  Server::shared().connect(url_).run("ALTER TABLE person ADD born date");
  const auto drifted = steward({"drift"});
  expect_in(drifted.out, "    by hand");
  expect_in(drifted.out, "ALTER TABLE person ADD born date\n");
  const auto json = steward({"drift", "--json"});
  expect_in(json.out, "\"statement\":\"ALTER TABLE person ADD born date\"");
}

TEST_F(Drift, names_what_it_does_not_compare) {
  value("SELECT lo_create(0)");
  pg::Connection connection = Server::shared().connect(url_);
  connection.run(
      "CREATE SUBSCRIPTION feed CONNECTION 'host=nowhere password=hidden' PUBLICATION p WITH "
      "(connect = false, slot_name = NONE)");
  const auto drifted = steward({"drift"});
  EXPECT_EQ(drifted.exit, 0) << drifted.all();
  expect_in(drifted.err, "not compared: subscription feed (its connection may hold a password)");
  expect_in(drifted.err, "not compared: large objects 1 (they are data)");
  const auto json = steward({"drift", "--json"});
  expect_in(json.out, "\"object\":\"subscription feed\"");
  EXPECT_EQ((drifted.all() + json.all()).find("hidden"), std::string::npos);
  connection.run("DROP SUBSCRIPTION feed");
}

TEST_F(Drift, adopts_privileges_on_what_came_with_the_server) {
  value("REVOKE EXECUTE ON FUNCTION pg_sleep(double precision) FROM PUBLIC");
  const auto adopted = steward({"drift", "--adopt", "-m", "Sleepless"});
  EXPECT_EQ(adopted.exit, 0) << adopted.all();
  expect_in(written("sleepless"),
            "REVOKE ALL ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC;");
  EXPECT_EQ(steward({"drift"}).exit, 0);
}

TEST_F(Drift, adopts_what_was_changed_so_that_other_databases_get_it) {
  value("ALTER TABLE person ADD born date");
  const auto adopted = steward({"drift", "--adopt", "-m", "Births"});
  EXPECT_EQ(adopted.exit, 0) << adopted.all();
  expect_in(written("births"), "ALTER TABLE public.person ADD COLUMN born date;");
  expect_in(written("births"), "ALTER TABLE public.person DROP COLUMN born;");
  EXPECT_EQ(steward({"drift"}).exit, 0);
  expect_in(steward({"upgrade"}).all(), "nothing to do");
  project_.use(Server::shared().new_database());
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  EXPECT_EQ(steward({"drift"}).exit, 0);
  EXPECT_EQ(steward({"downgrade", "base"}).exit, 0);
}

TEST_F(Drift, undoes_what_was_changed_when_the_loss_is_meant) {
  value("ALTER TABLE person ADD born date");
  const auto refused = steward({"drift", "--revert"});
  EXPECT_EQ(refused.exit, 12);
  expect_in(refused.err, "the values of column public.person.born");
  EXPECT_EQ(written("undo"), "");
  const auto reverted = steward({"drift", "--revert", "--allow-destructive"});
  EXPECT_EQ(reverted.exit, 0) << reverted.all();
  EXPECT_EQ(steward({"drift"}).exit, 3);
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  EXPECT_EQ(value("SELECT count(*) FROM pg_attribute WHERE attname = 'born'"), "0");
  EXPECT_EQ(steward({"drift"}).exit, 0);
  expect_in(steward({"roundtrip"}).all(), "2 revisions tried, 0 wrong");
  project_.use(Server::shared().new_database());
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  EXPECT_EQ(steward({"downgrade", "base"}).exit, 0);
}

TEST_F(Drift, writes_nothing_over_pending_revisions) {
  project_.add("a2", "a1", "CREATE TABLE u ();", "DROP TABLE u;");
  value("ALTER TABLE person ADD born date");
  const auto refused = steward({"drift", "--adopt"});
  EXPECT_EQ(refused.exit, 3);
  expect_in(refused.err, "steward upgrade");
  EXPECT_EQ(steward({"drift", "--adopt", "--revert"}).exit, 2);
}

TEST_F(Drift, needs_no_shadow_while_nothing_was_touched) {
  EXPECT_EQ(value("SELECT fingerprint = steward.fingerprint() FROM steward.ledger"), "t");
  const std::string made = "SELECT max(oid) FROM pg_database WHERE datname !~ 'shadow'";
  EXPECT_EQ(value("SELECT steward.schema_state()"), "unchanged");
  EXPECT_EQ(steward({"drift"}).exit, 0);
  value("ALTER TABLE person ADD born date");
  EXPECT_EQ(value("SELECT steward.schema_state()"), "changed");
  value("ALTER TABLE person DROP born");
  EXPECT_EQ(value("SELECT steward.schema_state()"), "unchanged");
}

TEST_F(Drift, is_not_absorbed_by_the_next_upgrade) {
  value("ALTER TABLE person ADD born date");
  project_.add("a2", "a1", "CREATE TABLE u ();", "DROP TABLE u;");
  const auto applied = steward({"upgrade"});
  EXPECT_EQ(applied.exit, 0);
  expect_in(applied.err, "the schema is not what the ledger last recorded");
  EXPECT_EQ(value("SELECT steward.schema_state()"), "unknown");
  EXPECT_EQ(steward({"drift"}).exit, 3);
  value("ALTER TABLE person DROP born");
  EXPECT_EQ(steward({"drift"}).exit, 0);
  EXPECT_EQ(value("SELECT steward.schema_state()"), "unchanged");
}

TEST_F(Drift, tells_status_and_verify) {
  EXPECT_EQ(steward({"verify"}).exit, 0);
  value("ALTER TABLE person ADD born date");
  expect_in(steward({"status"}).out, "schema    changed since the ledger last recorded it");
  const auto verified = steward({"verify"});
  EXPECT_EQ(verified.exit, 3);
  expect_in(verified.all(), "it is not what the ledger last recorded");
}

}  // namespace
}  // namespace steward::test
