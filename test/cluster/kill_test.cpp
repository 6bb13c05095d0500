// Runners that die, connections that are cut, runners that race: whatever happens, the history says
// what is in the database, and the next run finishes what this one began.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <random>

#include "test/cluster/support/disturbed.h"
#include "test/cluster/support/proxy.h"

namespace steward::test {
namespace {

using Clock = std::chrono::steady_clock;

bool long_run() {
  return std::getenv("STEWARD_LONG") != nullptr;
}

class Kill : public Disturbed {
 protected:
  Kill() : Disturbed(Server::shared()) {}

  static Server& server() { return Server::shared(); }

  // Kills at each message in turn, in an order that covers all parts soon, until the time is over.
  template <typename NewDatabase>
  void kill_everywhere(const std::vector<std::string>& verb, NewDatabase new_database,
                       std::chrono::seconds time) {
    const std::string undisturbed = new_database();
    Proxy counting(server().socket_directory());
    const auto whole = steward(counting.through(undisturbed), verb);
    ASSERT_EQ(whole.exit, 0) << whole.all();
    const std::string expected = state(undisturbed);
    std::vector<int> points;
    for (int k = 1; k <= counting.messages(); ++k) points.push_back(k);
    std::shuffle(points.begin(), points.end(), std::minstd_rand(20));
    const Clock::time_point end = Clock::now() + time;
    std::size_t done = 0;
    for (; done < points.size() && (long_run() || Clock::now() < end); ++done) {
      const std::string url = new_database();
      Proxy proxy(server().socket_directory(), {Fault::What::kill_client, points[done]});
      const auto killed = steward(proxy.through(url), verb);
      const std::string what = "killed at message " + std::to_string(points[done]) + " of " +
                               std::to_string(points.size());
      // 0: the message was its farewell, after which it does not wait to be killed.
      if (proxy.happened() && killed.exit != 0) {
        EXPECT_EQ(killed.exit, 128 + SIGKILL) << what << "\n" << killed.all();
      }
      expect_convergence(url, verb, expected, what);
      if (HasFailure()) return;
    }
    std::cout << "killed at " << done << " of " << points.size() << " messages\n";
    RecordProperty("points", static_cast<int>(points.size()));
    RecordProperty("killed_at", static_cast<int>(done));
  }
};

TEST_F(Kill, at_any_message_of_an_upgrade_is_made_good_by_the_next) {
  kill_everywhere(
      {"upgrade"}, [] { return server().new_database(); }, std::chrono::seconds(30));
}

TEST_F(Kill, at_any_message_of_a_downgrade_is_made_good_by_the_next) {
  const std::string full = server().new_database();
  ASSERT_EQ(steward(full, {"upgrade"}).exit, 0);
  kill_everywhere(
      {"downgrade", "base"}, [&] { return copy_of(full); }, std::chrono::seconds(25));
}

TEST_F(Kill, at_any_message_of_an_atomic_upgrade_is_made_good_by_the_next) {
  std::filesystem::remove(project_.root() / "migrations/k3_k3.sql");
  project_.add("k3", "k2", "CREATE SCHEMA shop;\nCREATE TABLE shop.seen (n integer);");
  kill_everywhere(
      {"upgrade", "--atomic"}, [] { return server().new_database(); }, std::chrono::seconds(15));
}

TEST_F(Kill, at_any_time_is_made_good_by_the_next) {
  const std::string undisturbed = server().new_database();
  const Clock::time_point begin = Clock::now();
  ASSERT_EQ(steward(undisturbed, {"upgrade"}).exit, 0);
  const auto whole =
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count();
  const std::string expected = state(undisturbed);
  std::minstd_rand random{std::random_device{}()};
  std::uniform_int_distribution<int> times(1, static_cast<int>(whole));
  for (int i = 0; i < (long_run() ? 300 : 8) && !HasFailure(); ++i) {
    const std::string url = server().new_database();
    RunOptions options;
    options.signal_after_ms = times(random);
    options.signal = SIGKILL;
    steward(url, {"upgrade"}, options);
    expect_convergence(url, {"upgrade"}, expected,
                       "killed after " + std::to_string(options.signal_after_ms) + " ms");
  }
}

class Cut : public Kill {
 protected:
  // Ships the first two revisions, the second being streamed: its COMMIT comes by itself.
  void expect_truth(const Fault& fault, const std::vector<std::string>& verb, int exit,
                    const std::string& applied) {
    const std::string url = server().new_database();
    Proxy proxy(server().socket_directory(), fault);
    const auto up = steward(proxy.through(url), verb);
    EXPECT_TRUE(proxy.happened());
    EXPECT_EQ(up.exit, exit) << up.all();
    if (exit == 7) {
      EXPECT_NE(up.err.find("steps are applied; revision \"k"), std::string::npos) << up.err;
    }
    EXPECT_EQ(
        server().value(
            url,
            "SELECT coalesce(string_agg(revision, ',' ORDER BY seq), '') FROM steward.revision"),
        applied);
    EXPECT_EQ(steward(url, {"upgrade"}).exit, 0);
  }
};

TEST_F(Cut, before_the_server_sees_the_commit_is_known_to_be_undone) {
  expect_truth({Fault::What::cut, 0, "end_step();\nCOMMIT", false}, {"upgrade", "k1"}, 7, "");
}

TEST_F(Cut, after_the_commit_is_known_to_be_done) {
  expect_truth({Fault::What::cut, 0, "end_step();\nCOMMIT", true}, {"upgrade", "k1"}, 0, "k1");
}

TEST_F(Cut, of_an_atomic_upgrade_is_all_or_nothing) {
  expect_truth({Fault::What::cut, 0, "COMMIT", false}, {"upgrade", "k2", "--atomic"}, 7, "");
  expect_truth({Fault::What::cut, 0, "COMMIT", true}, {"upgrade", "k2", "--atomic"}, 0, "k1,k2");
}

TEST_F(Kill, lets_two_runners_race_and_each_step_happen_once) {
  Project race;
  race.add("r0", "", "CREATE TABLE ran (n integer);");
  for (int i = 1; i <= 20; ++i)
    race.add("r" + std::to_string(i), "r" + std::to_string(i - 1),
             "INSERT INTO ran VALUES (" + std::to_string(i) + "); SELECT pg_sleep(0.01);");
  const std::string url = server().new_database();
  race.use(url);
  Outcome other;
  std::thread second([&] { other = race.steward({"upgrade"}); });
  const auto one = race.steward({"upgrade"});
  second.join();
  EXPECT_EQ(one.exit, 0) << one.all();
  EXPECT_EQ(other.exit, 0) << other.all();
  EXPECT_EQ(server().value(url, "SELECT count(*) || ' ' || count(DISTINCT n) FROM ran"), "20 20");
  EXPECT_EQ(server().value(url, "SELECT count(*) FROM steward.ledger WHERE action = 'upgrade'"),
            "21");
  EXPECT_EQ(server().value(url, "SELECT count(*) FROM steward.verify_ledger()"), "0");
}

}  // namespace
}  // namespace steward::test
