// What servers do to a deploy: refuse, run out, slow down, die, come back as somebody else. Each
// time the error is clear, the exit code the documented one, the database as it was, and the next
// run goes on.
#include <gtest/gtest.h>

#include <pwd.h>
#include <sys/mount.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <thread>

#include "test/cluster/support/disturbed.h"
#include "test/cluster/support/proxy.h"
#include "test/cluster/support/untroubled.h"

namespace steward::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

void sleep_ms(int time) {
  std::this_thread::sleep_for(milliseconds(time));
}

class Faults : public Untroubled {
 protected:
  Outcome steward(const std::vector<std::string>& words, RunOptions options = {}) const {
    return project_.steward(words, std::move(options));
  }
  Server& server() const { return Server::shared(); }
  void run(const std::string& sql) const { server().connect(url_).run(sql); }
  void expect_next_run_to_succeed() {
    const auto next = steward({"upgrade"});
    EXPECT_EQ(next.exit, 0) << next.all();
    expect_sound_ledger();
  }
};

// A reader in the way of an ALTER TABLE must not stop the site: who queues behind us waits no
// longer than our timeout, and we come again.
TEST_F(Faults, long_reader_delays_nobody_beyond_the_timeout) {
  project_.add("a3", "a2", "ALTER TABLE a1 ADD COLUMN x integer;", "ALTER TABLE a1 DROP COLUMN x;");
  auto reader = server().connect(url_);
  reader.run("BEGIN; SELECT * FROM a1;");
  Outcome up;
  std::jthread runner([&] { up = steward({"upgrade", "--lock-timeout", "300ms"}); });
  auto longest = milliseconds(0);
  for (const auto end = Clock::now() + milliseconds(1500); Clock::now() < end; sleep_ms(20)) {
    const auto begun = Clock::now();
    server().value(url_, "SELECT count(*) FROM a1");
    longest = std::max(longest, std::chrono::duration_cast<milliseconds>(Clock::now() - begun));
  }
  reader.run("ROLLBACK");
  runner.join();
  EXPECT_EQ(up.exit, 0) << up.all();
  EXPECT_NE(up.err.find("trying again"), std::string::npos) << up.err;
  EXPECT_LT(longest.count(), 1000);
  RecordProperty("longest_wait_ms", static_cast<int>(longest.count()));
}

TEST_F(Faults, lock_that_never_comes_exits_with_11) {
  project_.add("a3", "a2", "ALTER TABLE a1 ADD COLUMN x integer;", "");
  auto reader = server().connect(url_);
  reader.run("BEGIN; SELECT * FROM a1;");
  expect_refused(11,
                 {"lock timeout", "migrations/a3_a3.sql:5", "In the way: pid ",
                  "(test, role postgres, idle in transaction for ", "SELECT * FROM a1;"},
                 {"upgrade", "--lock-timeout", "10ms"});
}

TEST_F(Faults, statement_timeout_is_ours_and_not_the_databases) {
  run("ALTER DATABASE " + url_.substr(url_.rfind('/') + 1) +
      " SET statement_timeout = '150ms'; ALTER DATABASE " + url_.substr(url_.rfind('/') + 1) +
      " SET idle_in_transaction_session_timeout = '150ms'");
  project_.add("a3", "a2", "SELECT pg_sleep(0.4);");
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  project_.add("a4", "a3", "SELECT pg_sleep(30);");
  expect_refused(8, {"statement timeout", "a4_a4.sql:5"},
                 {"upgrade", "--statement-timeout", "200ms"});
}

TEST_F(Faults, serialization_failure_is_tried_again) {
  run("CREATE SEQUENCE tries");
  project_.add("a3", "a2",
               "CREATE TABLE a3 ();\nDO $$ BEGIN IF nextval('tries') < 3 THEN "
               "RAISE EXCEPTION 'once more' USING ERRCODE = '40001'; END IF; END $$;");
  const auto up = steward({"upgrade"});
  EXPECT_EQ(up.exit, 0) << up.all();
  EXPECT_EQ(value("SELECT last_value FROM tries"), "3");
  EXPECT_EQ(value("SELECT count(*) FROM steward.ledger WHERE action = 'failed'"), "0");
  expect_sound_ledger();
}

TEST_F(Faults, deadlock_is_tried_again) {
  project_.add("a3", "a2", "LOCK TABLE a1;\nSELECT pg_sleep(0.6);\nLOCK TABLE a2;");
  std::jthread other([this] {
    auto connection = server().connect(url_);
    connection.run("SET deadlock_timeout = '20s'; BEGIN; LOCK TABLE a2;");
    sleep_ms(400);
    connection.run("LOCK TABLE a1; COMMIT");
  });
  sleep_ms(50);
  const auto up = steward({"upgrade"});
  EXPECT_EQ(up.exit, 0) << up.all();
  EXPECT_NE(up.err.find("deadlock detected; trying again"), std::string::npos) << up.err;
}

TEST_F(Faults, terminated_session_is_known_to_have_done_nothing) {
  project_.add("a3", "a2", "CREATE TABLE a3 ();\nSELECT pg_sleep(30);");
  std::jthread killer([this] {
    for (int i = 0; i < 100; ++i, sleep_ms(50))
      if (value("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE"
                " application_name = 'steward upgrade' AND query LIKE '%pg_sleep%'") != "0")
        return;
  });
  const auto up = steward({"upgrade"});
  EXPECT_EQ(up.exit, 7) << up.all();
  EXPECT_NE(up.err.find("0 of 1 steps are applied; revision \"a3\" was not"), std::string::npos);
  EXPECT_FALSE(has_table("a3"));
  project_.add("a3", "a2", "CREATE TABLE a3 ();");
  expect_next_run_to_succeed();
}

TEST_F(Faults, a_reader_who_went_away_stops_nothing) {
  project_.add("a3", "a2", "CREATE TABLE a3 ();");
  RunOptions options;
  options.closed_stdout = true;
  EXPECT_EQ(steward({"upgrade"}, options).exit, 0);
  EXPECT_TRUE(has_table("a3"));
  expect_sound_ledger();
}

TEST_F(Faults, sigterm_rolls_back_and_exits_with_143) {
  project_.add("a3", "a2", "CREATE TABLE a3 ();\nSELECT pg_sleep(30);");
  RunOptions options;
  options.signal_after_ms = 700;
  options.signal = SIGTERM;
  const auto begun = Clock::now();
  const auto up = steward({"upgrade"}, options);
  EXPECT_EQ(up.exit, 143) << up.all();
  EXPECT_LT(Clock::now() - begun, std::chrono::seconds(5));
  EXPECT_FALSE(has_table("a3"));
  project_.add("a3", "a2", "CREATE TABLE a3 ();");
  expect_next_run_to_succeed();
}

// A server that does not even answer a request to cancel: the second signal does not wait for it.
TEST_F(Faults, second_signal_is_immediate) {
  project_.add("a3", "a2", "CREATE TABLE a3 ();\nSELECT pg_sleep(5);");
  RunOptions options;
  options.signal_after_ms = 900;
  options.signal = SIGINT;
  options.again_after_ms = 300;
  int stopped = 0;
  std::jthread freezer([&] {
    for (int i = 0; i < 40 && stopped == 0; ++i, sleep_ms(20))
      stopped = std::atoi(value("SELECT coalesce(max(pid), 0) FROM pg_stat_activity WHERE"
                                " application_name = 'steward upgrade' AND query LIKE '%pg_sleep%'")
                              .c_str());
    if (stopped > 0) kill(stopped, SIGSTOP);
  });
  const auto begun = Clock::now();
  const auto up = steward({"upgrade"}, options);
  const auto took = Clock::now() - begun;
  freezer.join();
  if (stopped > 0) kill(stopped, SIGCONT);
  EXPECT_EQ(up.exit, 130) << up.all();
  EXPECT_LT(took, std::chrono::seconds(3));
  ASSERT_GT(stopped, 0);
  project_.add("a3", "a2", "CREATE TABLE a3 ();");
  expect_next_run_to_succeed();
}

TEST_F(Faults, many_runners_race_and_each_step_happens_once) {
  project_.add("r0", "a2", "CREATE TABLE ran (n integer);", "DROP TABLE ran;");
  for (int i = 1; i <= 6; ++i)
    project_.add("r" + std::to_string(i), "r" + std::to_string(i - 1),
                 "INSERT INTO ran VALUES (" + std::to_string(i) + "); SELECT pg_sleep(0.02);");
  project_.write("migrations/r7_r7.sql",
                 "-- revision: r7\n-- revises: r6\n-- steward:upgrade transaction=off\n"
                 "CREATE INDEX CONCURRENTLY ran_n ON ran (n);\nINSERT INTO ran VALUES (7);\n"
                 "SELECT pg_sleep(0.1);\n-- steward:downgrade\nDROP INDEX ran_n;\n");
  project_.add("r8", "r7", "INSERT INTO ran VALUES (8);");
  std::vector<Outcome> outcomes(8);
  {
    std::vector<std::jthread> runners;
    for (Outcome& outcome : outcomes) runners.emplace_back([&] { outcome = steward({"upgrade"}); });
  }
  for (const Outcome& outcome : outcomes) EXPECT_EQ(outcome.exit, 0) << outcome.all();
  EXPECT_EQ(value("SELECT count(*) || ' ' || count(DISTINCT n) FROM ran"), "8 8");
  EXPECT_EQ(value("SELECT count(*) FROM steward.ledger WHERE action = 'upgrade'"), "11");
  expect_sound_ledger();
}

// A step outside a transaction whose runner dies while its statement waits for a reader.
class Waiting : public Faults {
 protected:
  void kill_while_it_waits(const std::string& prepare, const std::string& statement,
                           const std::string& reader_does) {
    run(prepare);
    project_.write("migrations/w1_w1.sql",
                   "-- revision: w1\n-- revises: a2\n-- steward:upgrade transaction=off\n"
                   "CREATE TABLE w1 ();\n" +
                       statement + ";\nCREATE TABLE w2 ();\n-- steward:downgrade\n");
    auto reader = server().connect(url_);
    reader.run("BEGIN ISOLATION LEVEL REPEATABLE READ; " + reader_does);
    RunOptions options;
    options.signal_after_ms = 1000;
    options.signal = SIGKILL;
    ASSERT_EQ(steward({"upgrade"}, options).exit, 128 + SIGKILL);
    for (int i = 0; i < 100 && value("SELECT count(*) FROM pg_stat_activity WHERE application_name"
                                     " = 'steward upgrade'") != "0";
         ++i)
      sleep_ms(50);
    reader.run("ROLLBACK");
  }
  void expect_to_go_on() {
    expect_next_run_to_succeed();
    EXPECT_TRUE(has_table("w2"));
    EXPECT_EQ(value("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "0");
  }
};

TEST_F(Waiting, concurrent_index_is_built_again) {
  kill_while_it_waits("SELECT 1", "CREATE INDEX CONCURRENTLY wi ON a1 (n)", "SELECT * FROM a1");
  EXPECT_EQ(value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'wi'::regclass"), "f");
  expect_to_go_on();
}

TEST_F(Waiting, concurrent_reindex_leaves_no_copies) {
  kill_while_it_waits("CREATE INDEX wi ON a1 (n)", "REINDEX (CONCURRENTLY) INDEX wi",
                      "SELECT * FROM a1");
  EXPECT_NE(value("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "0");
  expect_to_go_on();
  EXPECT_EQ(value("SELECT count(*) FROM pg_class WHERE relname LIKE 'wi%'"), "1");
}

TEST_F(Waiting, concurrent_detach_is_finished) {
  kill_while_it_waits(
      "CREATE TABLE parts (n integer) PARTITION BY LIST (n);"
      "CREATE TABLE part_1 PARTITION OF parts FOR VALUES IN (1)",
      "ALTER TABLE parts DETACH PARTITION part_1 CONCURRENTLY", "SELECT * FROM parts");
  EXPECT_EQ(value("SELECT inhdetachpending FROM pg_inherits"), "t");
  expect_to_go_on();
  EXPECT_EQ(value("SELECT count(*) FROM pg_inherits WHERE inhparent = 'parts'::regclass"), "0");
}

// What is there because somebody else made it does not count as done.
TEST_F(Waiting, index_of_that_name_made_by_others_is_not_taken_for_ours) {
  run("CREATE INDEX wi ON a2 (n)");
  project_.write("migrations/w1_w1.sql",
                 "-- revision: w1\n-- revises: a2\n-- steward:upgrade transaction=off\n"
                 "CREATE INDEX CONCURRENTLY wi ON a2 ((n + 1));\n-- steward:downgrade\n");
  EXPECT_EQ(steward({"upgrade"}).exit, 8);
  const auto again = steward({"upgrade"});
  EXPECT_EQ(again.exit, 8) << again.all();
  EXPECT_NE(again.err.find("already exists"), std::string::npos);
  run("DROP INDEX wi");
  expect_next_run_to_succeed();
}

// A procedure that commits: run alone, it may; in a transaction, the hint says what to write.
TEST_F(Waiting, procedure_that_commits_needs_to_be_outside) {
  run("CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN COMMIT; END'");
  project_.add("a3", "a2", "CALL p();");
  expect_refused(8, {"transaction=off"});
  project_.write("migrations/a3_a3.sql",
                 "-- revision: a3\n-- revises: a2\n"
                 "-- steward:upgrade transaction=off\nCALL p();\n"
                 "-- steward:downgrade\n");
  expect_next_run_to_succeed();
}

TEST(Limits, locks_that_run_out_fail_the_atomic_run_alone) {
  Server server({"max_locks_per_transaction = 40", "max_connections = 10"});
  Project project;
  project.use(server.new_database());
  for (int i = 1; i <= 30; ++i) {
    std::string tables;
    for (int k = 1; k <= 30; ++k)
      tables += "CREATE TABLE t" + std::to_string(i) + "_" + std::to_string(k) +
                " (id integer PRIMARY KEY);\n";
    project.add("l" + std::to_string(i), i == 1 ? "" : "l" + std::to_string(i - 1), tables);
  }
  const auto atomic = project.steward({"upgrade", "--atomic"});
  EXPECT_EQ(atomic.exit, 8) << atomic.all();
  EXPECT_NE(atomic.err.find("out of shared memory"), std::string::npos) << atomic.err;
  const auto up = project.steward({"upgrade"});
  EXPECT_EQ(up.exit, 0) << up.all();
}

// A small tablespace of its own, which only root can make.
class DiskFull : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "only root can mount a small file system";
    std::string name = (std::filesystem::temp_directory_path() / "steward-full-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
    if (mount("tmpfs", name.c_str(), "tmpfs", 0, "size=3m,mode=0777") != 0)
      GTEST_SKIP() << "this machine lets nobody mount";
    mounted_ = true;
    const passwd* owner =
        getpwnam("postgres") != nullptr ? getpwnam("postgres") : getpwnam("nobody");
    ASSERT_EQ(chown(name.c_str(), owner->pw_uid, owner->pw_gid), 0);
    server_ = std::make_unique<Server>();
    server_->connect(server_->url("postgres"))
        .run("CREATE TABLESPACE small LOCATION '" + name + "'");
    url_ = server_->new_database();
    project_.use(url_);
    project_.add("d1", "", "CREATE TABLE kept (n integer);", "DROP TABLE kept;");
    ASSERT_EQ(project_.steward({"upgrade"}).exit, 0);
  }
  void TearDown() override {
    server_.reset();
    if (mounted_) umount2(directory_.c_str(), MNT_DETACH);
    std::filesystem::remove_all(directory_);
  }
  void enlarge() const {
    ASSERT_EQ(mount("tmpfs", directory_.c_str(), "tmpfs", MS_REMOUNT, "size=200m"), 0);
  }
  std::string value(const std::string& query) const { return server_->value(url_, query); }

  std::string directory_;
  bool mounted_ = false;
  std::unique_ptr<Server> server_;
  std::string url_;
  Project project_;
};

TEST_F(DiskFull, fails_the_step_and_leaves_the_database_as_it_was) {
  project_.add(
      "d2", "d1",
      "CREATE TABLE big (t text) TABLESPACE small;\n"
      "INSERT INTO big SELECT repeat(md5(i::text), 20) FROM generate_series(1, 20000) AS i;",
      "DROP TABLE big;");
  const auto full = project_.steward({"upgrade"});
  EXPECT_EQ(full.exit, 8) << full.all();
  EXPECT_NE(full.err.find("No space left on device"), std::string::npos) << full.err;
  EXPECT_NE(full.err.find("d2_d2.sql:6"), std::string::npos) << full.err;
  EXPECT_EQ(value("SELECT to_regclass('big') IS NULL"), "t");
  enlarge();
  EXPECT_EQ(project_.steward({"upgrade"}).exit, 0);
  EXPECT_EQ(value("SELECT count(*) FROM steward.verify_ledger()"), "0");
}

TEST_F(DiskFull, in_a_concurrent_index_is_made_good_when_there_is_room) {
  project_.write("migrations/d2_d2.sql",
                 "-- revision: d2\n-- revises: d1\n-- steward:upgrade transaction=off\n"
                 "INSERT INTO kept SELECT generate_series(1, 300000);\n"
                 "CREATE INDEX CONCURRENTLY kept_n ON kept (n) TABLESPACE small;\n"
                 "-- steward:downgrade\nDROP INDEX kept_n;\n");
  const auto full = project_.steward({"upgrade"});
  EXPECT_EQ(full.exit, 9) << full.all();
  EXPECT_NE(full.err.find("No space left on device"), std::string::npos) << full.err;
  EXPECT_EQ(value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'kept_n'::regclass"), "f");
  enlarge();
  const auto again = project_.steward({"upgrade"});
  EXPECT_EQ(again.exit, 0) << again.all();
  EXPECT_EQ(value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'kept_n'::regclass"), "t");
  EXPECT_EQ(value("SELECT count(*) FROM kept"), "300000");
}

// The primary is lost with a commit that no replica had; the promoted one knows nothing of it.
TEST(Failover, with_the_commit_lost_is_told_by_the_ledger_of_the_new_primary) {
  Server primary;
  Project project;
  project.add_chain(2);
  const std::string url = primary.new_database();
  project.use(url);
  ASSERT_EQ(project.steward({"upgrade", "a1"}).exit, 0);
  const auto replica = Server::replica_of(primary);
  Proxy proxy(primary.socket_directory(), {Fault::What::cut, 0, "end_step();\nCOMMIT", true});
  std::jthread failover([&] {
    while (!proxy.happened()) sleep_ms(1);
    proxy.lead_to(replica->socket_directory());
    sleep_ms(300);
    primary.stop("immediate");
    replica->promote();
  });
  project.use(proxy.through(url));
  const auto up = project.steward({"upgrade"});
  failover.join();
  EXPECT_EQ(up.exit, 7) << up.all();
  EXPECT_NE(up.err.find("0 of 1 steps are applied"), std::string::npos) << up.err;
  EXPECT_EQ(
      replica->value(replica->url("test_1"), "SELECT string_agg(revision, ',') FROM steward.head"),
      "a1");
  const auto again = project.steward({"upgrade"});
  EXPECT_EQ(again.exit, 0) << again.all();
  EXPECT_EQ(replica->value(replica->url("test_1"), "SELECT count(*) FROM steward.verify_ledger()"),
            "0");
}

// Runner, its server process, the whole server, or the wire between them: killed at any time, over
// every kind of step, up and down. STEWARD_KILLS says how often; 1000 takes half an hour.
class Killed : public Disturbed {
 protected:
  Killed() : Disturbed(own()) {}
  static Server& own() {
    static Server server;
    return server;
  }
  enum class Victim { runner, wire, session, server };

  void strike(Victim victim, int after, const std::string& url,
              const std::vector<std::string>& verb) {
    RunOptions options;
    if (victim == Victim::runner) {
      options.signal_after_ms = after;
      options.signal = SIGKILL;
    }
    std::jthread hand([&] {
      sleep_ms(after);
      if (victim == Victim::server) kill(own().postmaster(), SIGKILL);
      if (victim == Victim::session) kill_session(url);
    });
    ended_ = steward(url, verb, options);
    hand.join();
    own().recover();
  }
  // kill -9 of a server process makes the server throw out everybody.
  static void kill_session(const std::string& url) {
    try {
      const std::string process =
          own().value(url,
                      "SELECT coalesce(max(pid), 0) FROM pg_stat_activity WHERE datname = "
                      "current_database() AND application_name LIKE 'steward %'");
      if (std::atoi(process.c_str()) > 1) kill(std::atoi(process.c_str()), SIGKILL);
    } catch (const std::exception&) {  // the server is busy with the last time
    }
  }
  void cut(int message, const std::string& url, const std::vector<std::string>& verb) {
    Proxy proxy(own().socket_directory(), {Fault::What::cut, message, "", message % 2 == 0});
    ended_ = steward(proxy.through(url), verb);
  }

  Outcome ended_;
};

TEST_F(Killed, whoever_it_is_at_any_time_the_next_run_makes_it_good) {
  const char* wanted = std::getenv("STEWARD_KILLS");
  const int kills = wanted != nullptr ? std::atoi(wanted) : 12;
  const std::string full = own().new_database();
  const auto begun = Clock::now();
  ASSERT_EQ(steward(full, {"upgrade"}).exit, 0);
  const auto whole = std::chrono::duration_cast<milliseconds>(Clock::now() - begun).count();
  const std::string up = state(full);
  const std::string empty = copy_of(full);
  ASSERT_EQ(steward(empty, {"downgrade", "base"}).exit, 0);
  const std::string down = state(empty);
  const unsigned seed = std::random_device{}();
  std::minstd_rand random{seed};
  int struck = 0;
  for (int i = 0; i < kills && !HasFailure(); ++i) {
    const bool upward = random() % 2 == 0;
    const auto victim = static_cast<Victim>(i % 4);
    const std::string url = upward ? own().new_database() : copy_of(full);
    const std::vector<std::string> verb = upward ? std::vector<std::string>{"upgrade"}
                                                 : std::vector<std::string>{"downgrade", "base"};
    const int time = 1 + static_cast<int>(random() % static_cast<unsigned>(whole));
    if (victim == Victim::wire)
      cut(1 + static_cast<int>(random() % 120), url, verb);
    else
      strike(victim, time, url, verb);
    struck += ended_.exit != 0 ? 1 : 0;
    const std::string what = "seed " + std::to_string(seed) + ", kill " + std::to_string(i) +
                             " of " + (upward ? "an upgrade" : "a downgrade") + " after " +
                             std::to_string(time) + " ms\n" + ended_.all();
    expect_convergence(url, verb, upward ? up : down, what);
    own()
        .connect(own().url("postgres"))
        .run("DROP DATABASE IF EXISTS " + url.substr(url.rfind('/') + 1) + " WITH (FORCE)");
  }
  std::cout << kills << " kills, " << struck << " of them while it ran\n";
}

}  // namespace
}  // namespace steward::test
