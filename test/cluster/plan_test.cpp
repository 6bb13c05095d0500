// Looking before leaping: plan, --sql, --dry-run; and what is said of a file that could not run.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "test/cluster/support/json_lines.h"
#include "test/cluster/support/programs.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

using nlohmann::json;

class Plan : public testing::Test {
 protected:
  Plan() : url_(Server::shared().new_database()) {
    project_.use(url_);
    project_.add("p1", "",
                 "CREATE TABLE item (id integer PRIMARY KEY, name text);\n"
                 "COPY item FROM stdin;\n1\tone\n2\t;two\n\\.\n",
                 "DROP TABLE item;");
    project_.add("p2", "p1", "ALTER TABLE item ALTER COLUMN name SET NOT NULL;",
                 "ALTER TABLE item ALTER COLUMN name DROP NOT NULL;");
    project_.write("migrations/p3_p3.sql",
                   "-- revision: p3\n-- revises: p2\n-- message: p3\n"
                   "-- steward:upgrade transaction=off\n"
                   "CREATE INDEX CONCURRENTLY item_name ON item (name);\n"
                   "-- steward:downgrade transaction=off\nDROP INDEX CONCURRENTLY item_name;\n");
    project_.write("migrations/p4_p4.sql",
                   "-- revision: p4\n-- revises: p3\n-- message: it's p4\n"
                   "-- steward:upgrade\nUPDATE item SET name = upper(name) -- all;\n"
                   "-- steward:downgrade\nUPDATE item SET name = lower(name);\n"
                   "-- steward:verify\nSELECT count(*) = 2 FROM item; -- all\n");
  }
  Outcome steward(const std::vector<std::string>& words) const { return project_.steward(words); }
  json object(std::vector<std::string> words) const {
    words.push_back("--json");
    return json::parse(last_line(steward(words).out));
  }
  Ran by_psql(const std::string& script) const {
    project_.write("script.sql", script);
    return psql_file(url_, project_.root() / "script.sql");
  }
  std::string value(const std::string& query) const { return Server::shared().value(url_, query); }
  // What the database is, ledger included, without what differs from run to run.
  std::string state() const {
    return dump(url_) +
           value(
               "SELECT string_agg(concat_ws(' ', action, direction, revision, heads,"
               " upgrade_checksum, downgrade_checksum), E'\\n' ORDER BY seq) FROM steward.ledger"
               " WHERE action <> 'started'");
  }

  std::string url_;
  Project project_;
};

TEST_F(Plan, shows_order_mode_and_locks) {
  const auto plan = steward({"plan"});
  EXPECT_EQ(plan.exit, 0) << plan.all();
  EXPECT_NE(plan.out.find("  AccessExclusiveLock  item  reads all of it"), std::string::npos)
      << plan.out;
  EXPECT_NE(plan.out.find("outside a transaction, 1 statement"), std::string::npos) << plan.out;
  EXPECT_NE(plan.out.find("4 steps, from base to p4"), std::string::npos) << plan.out;
  const json steps = object({"plan", "p3"})["steps"];
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_EQ(steps[0]["locks"], json::array());
  EXPECT_EQ(steps[1]["locks"][0]["lock"], "AccessExclusiveLock");
  EXPECT_EQ(steps[2]["transactional"], false);
  // It only looked.
  EXPECT_EQ(value("SELECT count(*) FROM pg_extension WHERE extname = 'pg_steward'"), "0");
}

TEST_F(Plan, shows_the_way_back) {
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  const json plan = object({"plan", "p2", "--downgrade"});
  ASSERT_EQ(plan["steps"].size(), 2u);
  EXPECT_EQ(plan["steps"][0]["revision"], "p4");
  EXPECT_EQ(plan["to"], json({"p2"}));
  EXPECT_EQ(object({"plan"})["steps"], json::array());
}

TEST_F(Plan, as_a_script_does_what_the_runner_does) {
  const auto script = steward({"plan", "--sql"});
  ASSERT_EQ(script.exit, 0) << script.all();
  const auto ran = by_psql(script.out);
  ASSERT_EQ(ran.exit, 0) << ran.all();
  const std::string found = state();
  EXPECT_EQ(value("SELECT count(*) FROM steward.verify_ledger()"), "0");
  EXPECT_EQ(steward({"upgrade"}).out, "nothing to do: the database is at p4\n");

  url_ = Server::shared().new_database();
  project_.use(url_);
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  EXPECT_EQ(difference(state(), found), "");
}

TEST_F(Plan, as_a_script_of_a_range_asks_no_database) {
  project_.use("postgresql://nobody@127.0.0.1:1/none");
  const auto up = steward({"upgrade", "--sql", ":p2"});
  const auto rest = steward({"upgrade", "--sql", "p2:head"});
  const auto down = steward({"downgrade", "--sql", "p4:p1"});
  ASSERT_EQ(up.exit, 0) << up.all();
  ASSERT_EQ(rest.exit, 0) << rest.all();
  ASSERT_EQ(down.exit, 0) << down.all();
  EXPECT_EQ(by_psql(up.out).exit, 0);
  // Anywhere else it stops, and does nothing.
  EXPECT_NE(by_psql(down.out).exit, 0);
  EXPECT_EQ(by_psql(rest.out).exit, 0);
  EXPECT_EQ(by_psql(down.out).exit, 0);
  EXPECT_EQ(value("SELECT string_agg(revision, ',') FROM steward.head"), "p1");
  EXPECT_EQ(value("SELECT count(*) FROM steward.verify_ledger()"), "0");
  EXPECT_EQ(steward({"upgrade", "p1:p2"}).exit, 2);
}

TEST_F(Plan, as_a_script_fails_with_its_verify_section) {
  project_.write("migrations/p5_p5.sql",
                 "-- revision: p5\n-- revises: p4\n-- steward:upgrade\nCREATE TABLE p5 ();\n"
                 "-- steward:downgrade\n-- steward:verify\nSELECT false\n");
  const auto ran = by_psql(steward({"plan", "--sql"}).out);
  EXPECT_NE(ran.exit, 0);
  EXPECT_NE(ran.err.find("revision p5 did not pass its verify section"), std::string::npos);
  EXPECT_EQ(value("SELECT string_agg(revision, ',') FROM steward.head"), "p4");
  EXPECT_EQ(value("SELECT to_regclass('p5') IS NULL"), "t");
}

TEST_F(Plan, is_rehearsed_and_rolled_back) {
  const std::string before = dump(url_);
  const auto run = steward({"upgrade", "p2", "--dry-run"});
  EXPECT_EQ(run.exit, 0) << run.all();
  EXPECT_NE(run.out.find("AccessExclusiveLock public.item"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("rehearsed 2 revisions in one transaction and rolled it back"),
            std::string::npos);
  EXPECT_EQ(difference(before, dump(url_)), "");
  EXPECT_EQ(value("SELECT count(*) FROM pg_extension WHERE extname = 'pg_steward'"), "0");

  ASSERT_EQ(steward({"upgrade", "p1"}).exit, 0);
  const std::string applied = state();
  const json steps = object({"upgrade", "p2", "--dry-run"})["steps"];
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(steps[0]["statements"][0]["tag"], "ALTER TABLE");
  EXPECT_EQ(object({"downgrade", "base", "--dry-run"})["steps"].size(), 1u);
  EXPECT_EQ(difference(applied, state()), "");
}

TEST_F(Plan, cannot_be_rehearsed_outside_a_transaction) {
  const auto run = steward({"upgrade", "--dry-run"});
  EXPECT_EQ(run.exit, 2) << run.all();
  EXPECT_NE(run.err.find("it cannot be rehearsed"), std::string::npos) << run.err;
}

TEST_F(Plan, shows_the_failure_of_a_rehearsal_and_records_nothing) {
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  project_.add("p5", "p4", "CREATE TABLE p5 ();\nSELECT nonsense;");
  const std::string before = state();
  const auto run = steward({"upgrade", "--dry-run"});
  EXPECT_EQ(run.exit, 8) << run.all();
  EXPECT_NE(run.err.find("migrations/p5_p5.sql:6"), std::string::npos) << run.err;
  EXPECT_EQ(difference(before, state()), "");
}

// Nothing of a plan is done when one of its sections could not be.
TEST_F(Plan, says_what_lacks_transaction_off_before_anything_is_done) {
  project_.add("p5", "p4",
               "CREATE TABLE p5 ();\n\nCREATE UNIQUE INDEX CONCURRENTLY i ON p5 ((1));");
  for (const std::vector<std::string>& verb :
       {std::vector<std::string>{"upgrade"}, {"plan"}, {"plan", "--sql"}}) {
    const auto refused = steward(verb);
    EXPECT_EQ(refused.exit, 2) << refused.all();
    EXPECT_NE(refused.err.find("migrations/p5_p5.sql:7 (statement 2)"), std::string::npos)
        << refused.err;
    EXPECT_NE(refused.err.find("transaction=off"), std::string::npos);
  }
  EXPECT_EQ(value("SELECT to_regclass('item') IS NULL"), "t");
  EXPECT_EQ(object({"upgrade"})["error"]["code"], "needs_transaction_off");
}

class Variables : public Plan {
 protected:
  Variables() {
    project_.write("migrations/v1_v1.sql",
                   "-- revision: v1\n-- revises: p4\n-- message: v1\n"
                   "-- variables: schema, note=it is ${note}\n-- steward:upgrade\n"
                   "CREATE SCHEMA ${schema};\nCOMMENT ON SCHEMA ${schema} IS '${note} ${other}';\n"
                   "-- steward:downgrade\nDROP SCHEMA ${schema};\n");
  }
};

TEST_F(Variables, stand_for_values_where_the_file_declares_them) {
  const auto up = steward({"upgrade", "-x", "schema=tenant", "-x", "note=seven"});
  ASSERT_EQ(up.exit, 0) << up.all();
  EXPECT_EQ(value("SELECT obj_description('tenant'::regnamespace)"), "seven ${other}");
  EXPECT_EQ(steward({"status"}).exit, 0);
  EXPECT_EQ(steward({"downgrade", "-1", "-x", "schema=tenant"}).exit, 0);
}

TEST_F(Variables, are_asked_for_before_anything_is_done) {
  const auto none = steward({"upgrade"});
  EXPECT_EQ(none.exit, 2) << none.all();
  EXPECT_NE(none.err.find("-x schema=VALUE"), std::string::npos) << none.err;
  EXPECT_EQ(steward({"upgrade", "-x", "schema=a", "-x", "scheme=b"}).exit, 2);
  EXPECT_EQ(steward({"upgrade", "-x", "schema"}).exit, 2);
  EXPECT_EQ(value("SELECT to_regclass('item') IS NULL"), "t");
}

TEST_F(Variables, are_remembered_for_a_release_without_the_file) {
  ASSERT_EQ(steward({"upgrade", "-x", "schema=tenant"}).exit, 0);
  EXPECT_EQ(value("SELECT obj_description('tenant'::regnamespace)"), "it is ${note} ${other}");
  std::filesystem::remove(project_.root() / "migrations/v1_v1.sql");
  const auto down = steward({"downgrade", "-1"});
  EXPECT_EQ(down.exit, 0) << down.all();
  EXPECT_EQ(value("SELECT to_regnamespace('tenant') IS NULL"), "t");
}

class Hooks : public Plan {
 protected:
  void configure(const std::string& hooks) const {
    project_.write("steward.toml", "[migrations]\ndirectory = \"migrations\"\n[hooks]\n" + hooks);
  }
};

TEST_F(Hooks, run_around_what_changes_the_database) {
  configure(
      "before_upgrade = [\"sh\", \"-c\", \"echo before $STEWARD_FROM-$STEWARD_TO >> log\"]\n"
      "after_upgrade = [\"sh\", \"-c\", \"echo after $STEWARD_REVISIONS >> log\"]\n");
  ASSERT_EQ(steward({"upgrade", "p2"}).exit, 0);
  EXPECT_EQ(steward({"upgrade", "p2"}).exit, 0);
  EXPECT_EQ(steward({"downgrade", "p2"}).exit, 0);
  EXPECT_EQ(project_.read("log"), "before -p2\nafter p1 p2\n");
}

TEST_F(Hooks, stop_the_deploy_when_they_fail_before_it) {
  configure("before_upgrade = [\"sh\", \"-c\", \"echo not today; exit 3\"]\n");
  const auto refused = steward({"upgrade"});
  EXPECT_EQ(refused.exit, 12) << refused.all();
  EXPECT_NE(refused.err.find("not today"), std::string::npos);
  EXPECT_NE(refused.err.find("hook before_upgrade ended with exit code 3"), std::string::npos);
  EXPECT_EQ(value("SELECT to_regclass('item') IS NULL"), "t");
}

TEST_F(Hooks, that_fail_afterwards_say_that_the_steps_are_applied) {
  configure("after_upgrade = [\"false\"]\n");
  const auto up = steward({"upgrade", "p2"});
  EXPECT_EQ(up.exit, 1) << up.all();
  EXPECT_NE(up.err.find("the steps are applied and recorded"), std::string::npos) << up.err;
  EXPECT_EQ(value("SELECT string_agg(revision, ',') FROM steward.head"), "p2");
  configure("after_upgrade = \"false\"\n");
  EXPECT_EQ(steward({"status"}).exit, 2);
}

}  // namespace
}  // namespace steward::test
