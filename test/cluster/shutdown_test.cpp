// Servers that are shut down properly while a deploy is at work, and time limits that are the
// server's: the deploy ends with a documented code, the database as it was, and the next run goes
// on.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

using Clock = std::chrono::steady_clock;

class Shutdown : public testing::Test {
 protected:
  Shutdown() : url_(server_.new_database()) {
    project_.use(url_);
    project_.add_chain(1);
    EXPECT_EQ(project_.steward({"upgrade"}).exit, 0);
  }

  std::string value(const std::string& query) const { return server_.value(url_, query); }

  // Upgrades; when a step sleeps, the server is told to stop in that mode. It is up again when this
  // returns.
  Outcome upgrade_while_it_stops(const std::string& mode) {
    Outcome outcome;
    {
      std::jthread runner([&] { outcome = project_.steward({"upgrade"}); });
      EXPECT_TRUE(wait_until_it_sleeps());
      server_.stop(mode);
      server_.start();
    }
    return outcome;
  }

  bool wait_until_it_sleeps() const {
    auto watcher = server_.connect(url_);
    for (const auto end = Clock::now() + std::chrono::seconds(20); Clock::now() < end;
         std::this_thread::sleep_for(std::chrono::milliseconds(20)))
      if (watcher
              .query("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'steward"
                     " upgrade' AND wait_event = 'PgSleep')")
              .flag(0, 0))
        return true;
    return false;
  }

  void expect_next_run_to_succeed() {
    const auto next = project_.steward({"upgrade"});
    EXPECT_EQ(next.exit, 0) << next.all();
    EXPECT_EQ(value("SELECT string_agg(problem, ', ') FROM steward.verify_ledger()"), "");
    EXPECT_EQ(value("SELECT count(*) FROM steward.open_step"), "0");
  }

  Server server_;
  std::string url_;
  Project project_;
};

TEST_F(Shutdown, fast_in_the_middle_of_a_step_is_known_to_have_done_nothing) {
  project_.add("a2", "a1", "CREATE TABLE a2 ();\nSELECT pg_sleep(30);");
  const auto stopped = upgrade_while_it_stops("fast");
  EXPECT_EQ(stopped.exit, 7) << stopped.all();
  EXPECT_NE(stopped.err.find("0 of 1 steps are applied; revision \"a2\" was not"),
            std::string::npos)
      << stopped.err;
  EXPECT_EQ(value("SELECT to_regclass('a2') IS NULL"), "t");
  project_.add("a2", "a1", "CREATE TABLE a2 ();");
  expect_next_run_to_succeed();
}

TEST_F(Shutdown, smart_lets_the_step_end) {
  project_.add("a2", "a1", "CREATE TABLE a2 ();\nSELECT pg_sleep(1.5);");
  const auto stopped = upgrade_while_it_stops("smart");
  EXPECT_EQ(stopped.exit, 0) << stopped.all();
  EXPECT_EQ(value("SELECT string_agg(revision, ',') FROM steward.head"), "a2");
  expect_next_run_to_succeed();
}

// What is done of a step outside a transaction stays done: the next run goes on behind it.
TEST_F(Shutdown, fast_in_a_step_outside_a_transaction_goes_on_behind_what_is_done) {
  server_.connect(url_).run("CREATE TABLE pause AS SELECT 30 AS seconds");
  project_.write("migrations/a2_a2.sql",
                 "-- revision: a2\n-- revises: a1\n-- steward:upgrade transaction=off\n"
                 "CREATE TABLE done_once ();\nSELECT pg_sleep(seconds) FROM pause;\n"
                 "CREATE INDEX CONCURRENTLY a1_n ON a1 (n);\n-- steward:downgrade\n");
  const auto stopped = upgrade_while_it_stops("fast");
  EXPECT_EQ(stopped.exit, 7) << stopped.all();
  EXPECT_EQ(value("SELECT to_regclass('done_once') IS NOT NULL"), "t");
  EXPECT_EQ(value("SELECT revision || ' ' || statements_done FROM steward.open_step"), "a2 1");
  server_.connect(url_).run("UPDATE pause SET seconds = 0");
  expect_next_run_to_succeed();
  EXPECT_EQ(value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a1_n'::regclass"), "t");
}

// PostgreSQL 17 gave databases and roles a limit on whole transactions. It is meant for the
// application; a deploy is as long as it is.
TEST(TransactionTimeout, of_the_database_is_not_ours) {
  Server& server = Server::shared();
  const std::string url = server.new_database();
  if (server.connect(url).server_version() < 170000)
    GTEST_SKIP() << "transaction_timeout came with PostgreSQL 17";
  server.connect(url).run("ALTER DATABASE " + url.substr(url.rfind('/') + 1) +
                          " SET transaction_timeout = '300ms'");
  Project project;
  project.use(url);
  project.add("t1", "", "CREATE TABLE t1 ();\nSELECT pg_sleep(0.6);");
  project.add("t2", "t1", "SELECT pg_sleep(0.6);");
  const auto up = project.steward({"upgrade"});
  EXPECT_EQ(up.exit, 0) << up.all();
  project.write("migrations/t3_t3.sql",
                "-- revision: t3\n-- revises: t2\n-- steward:upgrade transaction=off\n"
                "SELECT pg_sleep(0.6);\n-- steward:downgrade\n");
  const auto outside = project.steward({"upgrade"});
  EXPECT_EQ(outside.exit, 0) << outside.all();
  const auto rehearsed = project.steward({"downgrade", "-1", "--dry-run"});
  EXPECT_EQ(rehearsed.exit, 0) << rehearsed.all();
}

}  // namespace
}  // namespace steward::test
