// The guard with real logins: the library comes with the session, as it does where the guard is on.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "test/cluster/support/programs.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

using nlohmann::json;

class Guard : public testing::Test {
 protected:
  Guard() : url_(Server::shared().new_database()) {
    project_.use(url_);
    project_.add_chain(1);
    EXPECT_EQ(project_.steward({"upgrade"}).exit, 0);
  }

  // The message and SQLSTATE of the statement's failure; empty when it succeeds.
  static std::string failure(pg::Connection& connection, const std::string& statement) {
    try {
      connection.run(statement);
    } catch (const pg::QueryFailed& refusal) {
      return refusal.failure.sqlstate + " " + refusal.failure.message;
    }
    return "";
  }

  void set_guard(const std::string& mode) {
    Server::shared().connect(url_).run("SELECT steward.set_guard('" + mode + "')");
  }
  std::string value(const std::string& query) const { return Server::shared().value(url_, query); }
  json object(std::vector<std::string> words) const {
    words.push_back("--json");
    return json::parse(project_.steward(words).out);
  }

  std::string url_;
  Project project_;
};

TEST_F(Guard, lets_the_runner_work_where_it_is_enforced) {
  set_guard("enforce");
  project_.add_chain(3);
  const auto up = project_.steward({"upgrade"});
  EXPECT_EQ(up.exit, 0) << up.all();
  EXPECT_EQ(project_.steward({"downgrade", "-1"}).exit, 0);
  project_.write(
      "migrations/late_late.sql",
      "-- revision: late\n-- revises: a3\n-- message: late\n"
      "-- steward:upgrade transaction=off\nCREATE INDEX CONCURRENTLY late_idx ON a1 (n);\n"
      "-- steward:downgrade transaction=off\nDROP INDEX CONCURRENTLY late_idx;\n");
  const auto outside = project_.steward({"upgrade"});
  EXPECT_EQ(outside.exit, 0) << outside.all();
  EXPECT_EQ(project_.steward({"downgrade", "base"}).exit, 0);
  EXPECT_EQ(value("SELECT count(*) FROM steward.unmanaged"), "0");
}

TEST_F(Guard, refuses_a_login_from_its_first_statement_on) {
  set_guard("enforce");
  auto connection = Server::shared().connect(url_);
  EXPECT_EQ(failure(connection, "CREATE TABLE by_hand ()"),
            "42501 CREATE TABLE by hand is refused in this database");
  EXPECT_EQ(value("SELECT count(*) FROM pg_class WHERE relname = 'by_hand'"), "0");
  EXPECT_EQ(
      failure(connection,
              "BEGIN; SET LOCAL steward.break_glass = 'it burns'; CREATE TABLE by_hand (); COMMIT"),
      "");
  EXPECT_EQ(value("SELECT break_glass FROM steward.unmanaged"), "it burns");
  EXPECT_EQ(value("SELECT count(*) FROM steward.verify_ledger()"), "0");
}

// The transaction takes every trace of it along, but for the server's log, which shows no password.
TEST_F(Guard, logs_what_it_refused) {
  set_guard("enforce");
  auto connection = Server::shared().connect(url_);
  connection.run("SET application_name = 'cron'");
  EXPECT_NE(failure(connection, "CREATE TABLE not_made ()"), "");
  EXPECT_NE(failure(connection, "CREATE ROLE nobody_yet PASSWORD 'hunter2'"), "");
  EXPECT_NE(failure(connection, "DO $$ BEGIN EXECUTE 'CREATE ROLE n PASSWORD ''hunter2'''; END $$"),
            "");
  std::ifstream file(Server::shared().socket_directory() + "/log");
  const std::string log{std::istreambuf_iterator<char>(file), {}};
  for (const char* text : {"CREATE TABLE not_made ()", "CREATE ROLE nobody_yet PASSWORD ***"})
    EXPECT_NE(log.find("by role \"postgres\" (logged in as \"postgres\") from a local client, "
                       "application \"cron\": " +
                       std::string(text)),
              std::string::npos)
        << text;
  EXPECT_EQ(log.find("hunter2"), std::string::npos);
}

TEST_F(Guard, is_told_of_by_status_and_doctor) {
  EXPECT_EQ(object({"status"})["unmanaged"], 0);
  EXPECT_EQ(project_.steward({"doctor"}).out.find("by hand"), std::string::npos);
  set_guard("warn");
  Server::shared().connect(url_).run("BEGIN; CREATE TABLE x (); CREATE TABLE y (); COMMIT");
  EXPECT_EQ(object({"status"})["unmanaged"], 2);
  EXPECT_NE(project_.steward({"status"}).out.find("by hand   2 statements"), std::string::npos);
  EXPECT_NE(project_.steward({"doctor"}).out.find("by hand: 2 statements"), std::string::npos);
  EXPECT_EQ(project_.steward({"status"}).exit, 0);
  project_.add_chain(2);
  EXPECT_EQ(project_.steward({"upgrade"}).exit, 0);
  EXPECT_EQ(object({"status"})["unmanaged"], 0);
}

TEST_F(Guard, rests_where_there_is_nothing_to_guard) {
  set_guard("warn");
  const std::string library = value("SHOW session_preload_libraries");
  Server server({"session_preload_libraries = '" + library + "'", "steward.guard = enforce"});
  const std::string bare = server.new_database();
  auto connection = server.connect(bare);
  EXPECT_EQ(failure(connection, "CREATE TABLE t (n integer)"), "");
  EXPECT_EQ(failure(connection, "CREATE EXTENSION pg_steward"), "");
  EXPECT_EQ(failure(connection, "ALTER TABLE t ADD COLUMN m integer"),
            "42501 ALTER TABLE by hand is refused in this database");
  server.become_standby();
  auto standby = server.connect(bare);
  EXPECT_EQ(failure(standby, "CREATE TABLE u ()"),
            "25006 cannot execute CREATE TABLE in a read-only transaction");
}

TEST_F(Guard, is_carried_by_a_dump) {
  set_guard("warn");
  auto connection = Server::shared().connect(url_);
  connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ; CREATE TABLE x (); COMMIT");
  connection.run("SELECT steward.waive_guard('schema', 'scratch', 'for analysts')");
  const std::string file = (project_.root() / "dump").string();
  ASSERT_EQ(run({postgres_program("pg_dump"), "-f", file, url_}).exit, 0);
  const std::string restored = Server::shared().new_database();
  const auto ran = psql_file(restored, file, {});
  EXPECT_EQ(ran.exit, 0) << ran.all();
  url_ = restored;
  EXPECT_EQ(value("SELECT reason FROM steward.guard_waiver"), "for analysts");
  EXPECT_EQ(value("SELECT statement FROM steward.unmanaged WHERE seq IS NULL"),
            "CREATE TABLE x ()");
  Server::shared().connect(url_).run("SELECT steward.record('{\"action\": \"stamp\"}')");
  EXPECT_EQ(value("SELECT count(*) FROM steward.unmanaged WHERE seq IS NOT NULL"), "1");
  EXPECT_EQ(value("SELECT count(*) FROM steward.verify_ledger()"), "0");
}

// The settings come before everything else, so that the guard looks at the restore itself.
TEST_F(Guard, is_carried_by_a_dump_of_the_database_itself) {
  for (const auto& [mode, options] : {std::pair{"warn", "-c client_min_messages=error"},
                                      std::pair{"enforce", "-c steward.guard=off"}}) {
    const std::string url = Server::shared().new_database();
    auto connection = Server::shared().connect(url);
    connection.run("CREATE EXTENSION pg_steward");
    connection.run("SELECT steward.record('{\"action\": \"stamp\"}')");
    connection.run("CREATE TABLE x (n integer PRIMARY KEY)");
    connection.run("SELECT steward.set_guard('" + std::string(mode) + "')");
    const std::string file = (project_.root() / mode).string();
    ASSERT_EQ(run({postgres_program("pg_dump"), "-C", "-f", file, url}).exit, 0);
    Server other;
    RunOptions environment;
    environment.environment = {{"PGOPTIONS", options}};
    const auto restored = run({postgres_program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f",
                               file, other.url("postgres")},
                              environment);
    EXPECT_EQ(restored.exit, 0) << mode << restored.err;
    const std::string name = Server::shared().value(url, "SELECT current_database()");
    const std::string copy = other.url(name);
    EXPECT_EQ(other.value(copy, "SHOW steward.guard"), mode);
    EXPECT_EQ(other.value(copy, "SELECT count(*) FROM steward.verify_ledger()"), "0");
    EXPECT_EQ(other.value(copy, "SELECT action FROM steward.ledger WHERE seq = 1"), "stamp");
  }
}

}  // namespace
}  // namespace steward::test
