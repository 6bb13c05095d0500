// Through PgBouncer in transaction mode: everything transactional works, nothing is left behind for
// the pool's other clients, and what cannot work is refused before anything is done.
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "test/cluster/support/pooler.h"
#include "test/cluster/support/programs.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/proxy.h"

namespace steward::test {
namespace {

class Pooled : public testing::Test {
 protected:
  void SetUp() override {
    if (!Pooler::available()) GTEST_SKIP() << "pgbouncer is not on this machine";
    url_ = server().new_database();
  }
  static Server& server() { return Server::shared(); }
  Outcome steward(const std::string& url, std::vector<std::string> words,
                  RunOptions options = {}) const {
    options.environment["DATABASE_URL"] = url;
    return project_.steward(words, std::move(options));
  }
  std::string value(const std::string& query) const { return server().value(url_, query); }
  void add_outside() const {
    project_.write("migrations/o1_o1.sql",
                   "-- revision: o1\n-- revises: a2\n-- steward:upgrade transaction=off\n"
                   "CREATE INDEX CONCURRENTLY o ON a1 (n);\n"
                   "-- steward:downgrade transaction=off\nDROP INDEX CONCURRENTLY o;\n");
  }
  void expect_no_lock_is_left() const {
    EXPECT_EQ(value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
                    " (SELECT oid FROM pg_database WHERE datname = current_database())"),
              "0");
  }

  std::string url_;
  Project project_;
};

TEST_F(Pooled, goes_up_and_down_with_data_and_large_scripts) {
  const Pooler pooler(server(), "transaction", 3);
  project_.add_chain(30);
  std::string rows;
  for (int i = 0; i < 60000; ++i) rows += std::to_string(i) + "\n";
  project_.add("b1", "a30", "COPY a1 FROM stdin;\n" + rows + "\\.\n", "DELETE FROM a1;");
  const auto up = steward(pooler.through(url_), {"upgrade"});
  EXPECT_EQ(up.exit, 0) << up.all();
  EXPECT_EQ(value("SELECT count(*) FROM a1"), "60000");
  EXPECT_EQ(steward(pooler.through(url_), {"status", "--check"}).exit, 0);
  EXPECT_EQ(steward(pooler.through(url_), {"downgrade", "base", "--atomic"}).exit, 0);
  EXPECT_EQ(value("SELECT count(*) FROM steward.verify_ledger()"), "0");
  expect_no_lock_is_left();
}

TEST_F(Pooled, applies_each_step_once_when_runners_race) {
  const Pooler pooler(server(), "transaction", 4);
  project_.add("r0", "", "CREATE TABLE ran (n integer);");
  for (int i = 1; i <= 20; ++i)
    project_.add("r" + std::to_string(i), "r" + std::to_string(i - 1),
                 "INSERT INTO ran VALUES (" + std::to_string(i) + "); SELECT pg_sleep(0.01);");
  std::vector<Outcome> outcomes(4);
  {
    std::vector<std::jthread> runners;
    for (Outcome& outcome : outcomes)
      runners.emplace_back([&] { outcome = steward(pooler.through(url_), {"upgrade"}); });
  }
  for (const Outcome& outcome : outcomes) EXPECT_EQ(outcome.exit, 0) << outcome.all();
  EXPECT_EQ(value("SELECT count(*) || ' ' || count(DISTINCT n) FROM ran"), "20 20");
  EXPECT_EQ(value("SELECT count(*) FROM steward.ledger WHERE action = 'upgrade'"), "21");
  expect_no_lock_is_left();
}

// One connection to the server, which all clients share.
TEST_F(Pooled, leaves_nothing_to_the_pools_other_clients) {
  const Pooler pooler(server(), "transaction", 1);
  const std::string through = pooler.through(url_);
  const std::string ask =
      "SELECT concat_ws(' ', current_user, current_setting('search_path'),"
      " current_setting('lock_timeout'), current_setting('row_security'),"
      " current_setting('statement_timeout'))";
  const std::string before = server().value(through, ask);
  project_.add("a1", "",
               "CREATE TABLE a1 (n integer);\nSET search_path = pg_temp;\n"
               "SET ROLE pg_monitor;\nSET statement_timeout = '7s';");
  EXPECT_EQ(steward(through, {"upgrade"}).exit, 0);
  EXPECT_EQ(server().value(through, ask), before);
  project_.add("a2", "a1", "SET search_path = pg_temp;\nSELECT nonsense;");
  EXPECT_EQ(steward(through, {"upgrade"}).exit, 8);
  EXPECT_EQ(server().value(through, ask), before);
  EXPECT_EQ(value("SELECT count(*) FROM steward.ledger WHERE action = 'failed'"), "1");
  expect_no_lock_is_left();
}

TEST_F(Pooled, resolves_a_commit_in_doubt_and_leaves_no_lock) {
  const Pooler pooler(server(), "transaction", 2);
  project_.add_chain(1);
  Proxy proxy(server().socket_directory(), {Fault::What::cut, 0, "end_step();\nCOMMIT", true});
  // The connection between the runner and the server is cut; what it asks then goes the same way.
  const auto up = steward(proxy.through(url_), {"upgrade"});
  EXPECT_EQ(up.exit, 0) << up.all();
  expect_no_lock_is_left();
  EXPECT_EQ(steward(pooler.through(url_), {"upgrade"}).exit, 0);
}

TEST_F(Pooled, refuses_what_needs_a_session_before_anything_is_done) {
  const Pooler pooler(server(), "transaction", 3);
  project_.add_chain(2);
  add_outside();
  const auto refused = steward(pooler.through(url_), {"upgrade"});
  EXPECT_EQ(refused.exit, 7) << refused.all();
  EXPECT_NE(refused.err.find("cannot run through a pooler in transaction mode"), std::string::npos);
  EXPECT_NE(refused.err.find("DIRECT_URL=postgresql://postgres@"), std::string::npos);
  EXPECT_NE(refused.err.find(":5432/"), std::string::npos) << refused.err;
  EXPECT_EQ(value("SELECT to_regclass('a1') IS NULL"), "t");
  EXPECT_EQ(steward(pooler.through(url_), {"upgrade", "a2"}).exit, 0);
  const auto doctor = steward(pooler.through(url_), {"doctor"});
  EXPECT_NE(doctor.out.find("a pooler in transaction mode stands between"), std::string::npos);
  EXPECT_EQ(steward(url_, {"upgrade"}).exit, 0);
  EXPECT_EQ(steward(url_, {"doctor"}).out.find("pooler"), std::string::npos);
}

TEST_F(Pooled, runs_outside_a_transaction_where_the_session_is_its_own) {
  const Pooler pooler(server(), "session", 3);
  project_.add_chain(2);
  add_outside();
  const auto up = steward(pooler.through(url_), {"upgrade"});
  EXPECT_EQ(up.exit, 0) << up.all();
  EXPECT_EQ(steward(pooler.through(url_), {"downgrade", "base"}).exit, 0);
}

TEST_F(Pooled, makes_good_what_a_killed_runner_left) {
  const Pooler pooler(server(), "transaction", 2);
  project_.add_chain(3);
  project_.add("s1", "a3", "CREATE TABLE s1 (); SELECT pg_sleep(1);");
  RunOptions options;
  options.signal_after_ms = 500;
  options.signal = SIGKILL;
  EXPECT_EQ(steward(pooler.through(url_), {"upgrade"}, options).exit, 128 + SIGKILL);
  const auto again = steward(pooler.through(url_), {"upgrade"});
  EXPECT_EQ(again.exit, 0) << again.all();
  EXPECT_EQ(value("SELECT string_agg(revision, ',') FROM steward.head"), "s1");
  EXPECT_EQ(value("SELECT count(*) FROM steward.verify_ledger()"), "0");
  expect_no_lock_is_left();
}

}  // namespace
}  // namespace steward::test
