// What outlives the extension and the server: dumps, restores, DROP EXTENSION, a newer version.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "test/cluster/support/programs.h"
#include "test/cluster/support/untroubled.h"

namespace steward::test {
namespace {

namespace fs = std::filesystem;

class Dump : public Untroubled {
 protected:
  Dump() {
    // One that is too large for a ledger row is kept in pieces.
    project_.add("a3", "a2", "SELECT 1; -- " + std::string(300000, 'x'));
    EXPECT_EQ(project_.steward({"upgrade"}).exit, 0);
    anchor_ = value("SELECT steward.anchor()");
    ledger_ = rows(url_);
  }

  static std::string rows(const std::string& url) {
    return Server::shared().value(
        url, "SELECT string_agg(l::text, E'\\n' ORDER BY seq) FROM steward.ledger AS l");
  }
  std::string file() const { return (project_.root() / "dump").string(); }
  void dump_as(const std::vector<std::string>& options) {
    std::vector<std::string> words{postgres_program("pg_dump"), "-f", file(), url_};
    words.insert(words.end(), options.begin(), options.end());
    const auto dumped = run(words);
    ASSERT_EQ(dumped.exit, 0) << dumped.err;
  }
  static void expect_clean(const Ran& restored) {
    EXPECT_EQ(restored.exit, 0) << restored.all();
    EXPECT_EQ(restored.err, "");
  }
  void restore_plain(const std::vector<std::string>& options) {
    restored_ = Server::shared().new_database();
    expect_clean(psql_file(restored_, file(), options));
  }
  void restore_archive(const std::vector<std::string>& options) {
    restored_ = Server::shared().new_database();
    std::vector<std::string> words{postgres_program("pg_restore"), "-e", "-d", restored_, file()};
    words.insert(words.end(), options.begin(), options.end());
    expect_clean(run(words));
  }

  // The same rows, whole, protected, and the runner goes on from them.
  void expect_carried() {
    EXPECT_EQ(difference(ledger_, rows(restored_)), "");
    EXPECT_EQ(Server::shared().value(
                  restored_,
                  "SELECT string_agg(problem, ', ') FROM steward.verify_ledger('" + anchor_ + "')"),
              "");
    EXPECT_EQ(difference(dump(url_), dump(restored_)), "");
    EXPECT_NE(psql(restored_, "DELETE FROM steward.ledger").exit, 0);
    url_ = restored_;
    project_.use(restored_);
    project_.add("a4", "a3", "CREATE TABLE a4 (n integer);", "DROP TABLE a4;");
    const auto up = project_.steward({"upgrade"});
    EXPECT_EQ(up.exit, 0) << up.all();
    const auto down = project_.steward({"downgrade", "a1"});
    EXPECT_EQ(down.exit, 0) << down.all();
    EXPECT_EQ(applied(), "a1");
    expect_sound_ledger();
  }

  std::string anchor_;
  std::string ledger_;
  std::string restored_;
};

TEST_F(Dump, carries_the_ledger_as_a_script) {
  dump_as({});
  restore_plain({});
  expect_carried();
}

TEST_F(Dump, carries_the_ledger_in_one_transaction) {
  dump_as({});
  restore_plain({"-1"});
  expect_carried();
}

TEST_F(Dump, carries_the_ledger_as_an_archive) {
  dump_as({"-Fc"});
  restore_archive({});
  expect_carried();
}

TEST_F(Dump, carries_the_ledger_with_two_jobs) {
  dump_as({"-Fc"});
  restore_archive({"-j2"});
  expect_carried();
}

TEST_F(Dump, carries_the_ledger_as_inserts) {
  dump_as({"--inserts"});
  restore_plain({});
  expect_carried();
}

// Whoever restored owns it then: a superuser, who must say so once.
TEST_F(Dump, without_owners_is_taken_up_by_a_superuser) {
  dump_as({"-Fc"});
  restore_archive({"--no-owner", "-1"});
  EXPECT_EQ(Server::shared().value(restored_, "SELECT steward.install_ledger()"), "adopted");
  expect_carried();
}

TEST_F(Dump, says_nothing_of_privileges_that_the_extension_gives_itself) {
  dump_as({"-s"});
  EXPECT_EQ(project_.read("dump").find("ON FUNCTION steward."), std::string::npos);
}

TEST_F(Dump, carries_who_may_run_steps) {
  const std::string role = "runner_" + url_.substr(url_.rfind('_') + 1);
  Server::shared().connect(url_).run("CREATE ROLE " + role +
                                     " LOGIN; SELECT steward.grant_runner('" + role + "')");
  dump_as({});
  restore_plain({});
  EXPECT_EQ(Server::shared().value(restored_, "SELECT has_table_privilege('" + role +
                                                  "', 'steward.ledger', 'SELECT') AND "
                                                  "has_function_privilege('" +
                                                  role + "', 'steward.record(jsonb)', 'EXECUTE')"),
            "t");
}

TEST_F(Dump, is_not_needed_when_the_extension_is_dropped_and_made_again) {
  Server::shared().connect(url_).run("DROP EXTENSION pg_steward CASCADE");
  EXPECT_EQ(rows(url_), ledger_);
  EXPECT_NE(psql(url_, "DELETE FROM steward.ledger").exit, 0);
  Server::shared().connect(url_).run("CREATE EXTENSION pg_steward");
  restored_ = url_;
  expect_carried();
}

TEST_F(Dump, is_not_needed_when_the_runner_makes_the_extension_again) {
  Server::shared().connect(url_).run("DROP EXTENSION pg_steward CASCADE");
  project_.add("a4", "a3", "CREATE TABLE a4 ();");
  const auto up = project_.steward({"upgrade"});
  EXPECT_EQ(up.exit, 0) << up.all();
  EXPECT_EQ(applied(), "a1,a2,a3,a4");
  expect_sound_ledger();
}

}  // namespace
}  // namespace steward::test
