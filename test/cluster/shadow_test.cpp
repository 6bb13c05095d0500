// What a killed run leaves behind: its shadow is swept by the next one, when nobody uses it.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

class Shadows : public testing::Test {
 protected:
  Shadows() : url_(Server::shared().new_database()) {
    project_.use(url_);
    project_.add("a1", "", "CREATE TABLE t (a int);", "DROP TABLE t;");
  }
  ~Shadows() override { project_.write("schema.sql", ""); }

  std::string value(const std::string& query) const { return Server::shared().value(url_, query); }
  std::string shadows() const {
    return value(
        "SELECT coalesce(string_agg(datname, ' ' ORDER BY datname), 'none') FROM pg_database "
        "WHERE datname LIKE 'steward_shadow_%'");
  }
  // The one in which the server sleeps for a killed run.
  std::string busy() const {
    return value(
        "SELECT coalesce(max(datname), 'none') FROM pg_stat_activity WHERE datname LIKE "
        "'steward_shadow_%' AND query LIKE 'SELECT pg_sleep%'");
  }
  Outcome check(const RunOptions& options = {}) const {
    return project_.steward({"check"}, options);
  }

  // Kills a run, later and later, until it is one that has its shadow.
  void kill_one() const {
    project_.write("schema.sql", "SELECT pg_sleep(600);\nCREATE TABLE t (a int);\n");
    RunOptions options;
    options.signal = SIGKILL;
    for (options.signal_after_ms = 500; busy() == "none"; options.signal_after_ms *= 2)
      ASSERT_EQ(check(options).exit, 128 + SIGKILL);
    project_.write("schema.sql", "CREATE TABLE t (a int);\n");
  }
  // As the server ends it, once it notices that nobody is there.
  void end_sessions() const {
    value(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname LIKE "
        "'steward_shadow_%'");
    while (busy() != "none") std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }

  Project project_;
  std::string url_;
};

TEST_F(Shadows, of_a_killed_run_are_swept_by_the_next) {
  kill_one();
  const std::string left = busy();
  end_sessions();
  const auto next = check();
  EXPECT_EQ(next.exit, 0) << next.all();
  EXPECT_NE(next.err.find("dropped the shadow " + left + ", which a run that was killed left"),
            std::string::npos)
      << next.err;
  EXPECT_EQ(shadows(), "none");
}

TEST_F(Shadows, in_use_are_left_alone) {
  kill_one();
  const std::string used = busy();
  EXPECT_EQ(check().exit, 0);  // the server still works for the killed run
  EXPECT_EQ(shadows(), used);
  end_sessions();
  EXPECT_EQ(check().exit, 0);
  EXPECT_EQ(shadows(), "none");
}

TEST_F(Shadows, are_known_by_name_and_lock) {
  pg::Connection maker = Server::shared().connect(url_);
  const std::string name = "steward_shadow_0123456789ab";
  maker.run("SELECT pg_advisory_lock(hashtextextended('" + name + "', 7683))");
  maker.run("CREATE DATABASE " + name);
  maker.run("CREATE DATABASE steward_shadow_of_mine");
  project_.write("schema.sql", "CREATE TABLE t (a int);\n");
  EXPECT_EQ(check().exit, 0);
  EXPECT_EQ(shadows(), name + " steward_shadow_of_mine");
  maker.run("SELECT pg_advisory_unlock_all()");
  EXPECT_EQ(check().exit, 0);
  EXPECT_EQ(shadows(), "steward_shadow_of_mine");
  maker.run("DROP DATABASE steward_shadow_of_mine");
}

}  // namespace
}  // namespace steward::test
