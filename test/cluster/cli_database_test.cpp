// The verbs that work on a database, each with the real program.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <sstream>

#include "test/cluster/support/json_lines.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

using nlohmann::json;

class Database : public testing::Test {
 protected:
  Database() : url_(Server::shared().new_database()) { project_.use(url_); }

  Outcome steward(const std::vector<std::string>& words, RunOptions options = {}) const {
    return project_.steward(words, std::move(options));
  }
  json object(std::vector<std::string> words) const {
    words.push_back("--json");
    const auto run = steward(words);
    return json::parse(last_line(run.out));
  }
  std::string value(const std::string& query) const { return Server::shared().value(url_, query); }
  bool has_table(const std::string& name) const {
    return value("SELECT to_regclass('" + name + "') IS NOT NULL") == "t";
  }

  Project project_;
  std::string url_;
};

TEST_F(Database, goes_up_and_down) {
  project_.add_chain(3);
  const auto up = steward({"upgrade", "head"});
  EXPECT_EQ(up.exit, 0) << up.all();
  EXPECT_NE(up.out.find("upgrade: 3 revisions, now at a3\n"), std::string::npos) << up.out;
  EXPECT_TRUE(has_table("a3"));
  EXPECT_EQ(steward({"current"}).out, "a3 (head)\n");
  EXPECT_EQ(steward({"downgrade", "-1"}).exit, 0);
  EXPECT_FALSE(has_table("a3"));
  EXPECT_EQ(steward({"current"}).out, "a2\n");
  EXPECT_EQ(steward({"down", "base"}).exit, 0);
  EXPECT_EQ(steward({"current"}).out, "");
  EXPECT_EQ(steward({"up", "+1"}).exit, 0);
  EXPECT_EQ(steward({"current"}).out, "a1\n");
  EXPECT_EQ(steward({"upgrade", "a2"}).exit, 0);
  EXPECT_EQ(steward({"upgrade", "a1+2"}).exit, 0);
  EXPECT_EQ(value("SELECT count(*) FROM steward.verify_ledger()"), "0");
}

TEST_F(Database, has_nothing_to_do_twice) {
  project_.add_chain(2);
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  const auto again = steward({"upgrade"});
  EXPECT_EQ(again.exit, 0);
  EXPECT_EQ(again.out, "nothing to do: the database is at a2\n");
  EXPECT_EQ(again.err, "");
  EXPECT_EQ(steward({"upgrade", "-q"}).out, "");
}

TEST_F(Database, gives_scripts_objects) {
  project_.add_chain(2);
  const json up = object({"upgrade"});
  EXPECT_EQ(up["verb"], "upgrade");
  EXPECT_EQ(up["from"], json::array());
  EXPECT_EQ(up["to"], json({"a2"}));
  ASSERT_EQ(up["steps"].size(), 2u);
  EXPECT_EQ(up["steps"][1]["revision"], "a2");
  EXPECT_EQ(up["steps"][1]["direction"], "upgrade");
  EXPECT_FALSE(up["anchor"].get<std::string>().empty());
  EXPECT_EQ(object({"upgrade"})["steps"], json::array());
  EXPECT_EQ(object({"current"})["at_heads"], true);
  const json status = object({"status"});
  EXPECT_EQ(status["applied"], 2);
  EXPECT_EQ(status["pending"], json::array());
  EXPECT_EQ(object({"downgrade", "-1"})["to"], json({"a1"}));
  EXPECT_EQ(object({"status"})["pending"], json({"a2"}));
  EXPECT_EQ(object({"doctor"})["exit"], 0);
}

TEST_F(Database, finds_nothing_wrong_before_the_first_upgrade) {
  project_.add_chain(1);
  const json before = object({"doctor"});
  EXPECT_EQ(before["exit"], 0) << before;
  EXPECT_NE(before.dump().find("upgrade creates it"), std::string::npos) << before;
}

TEST_F(Database, gives_scripts_an_event_for_each_step) {
  project_.add_chain(2);
  std::istringstream lines(steward({"upgrade", "--json"}).out);
  std::string names;
  for (std::string line; std::getline(lines, line);)
    names += json::parse(line)["event"].get<std::string>() + " ";
  EXPECT_EQ(names, "started step_started step_done step_started step_done result ");
  const auto failed = steward({"upgrade", "nowhere", "--json"});
  EXPECT_EQ(json::parse(failed.out)["event"], "error");
}

TEST_F(Database, says_whether_it_is_at_the_heads) {
  project_.add_chain(2);
  EXPECT_EQ(steward({"current", "--check-heads"}).exit, 3);
  EXPECT_EQ(steward({"upgrade", "a1"}).exit, 0);
  EXPECT_EQ(steward({"current", "--check-heads"}).exit, 3);
  EXPECT_EQ(steward({"status", "--check"}).exit, 3);
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  EXPECT_EQ(steward({"current", "--check-heads"}).exit, 0);
  EXPECT_EQ(steward({"status", "--check"}).exit, 0);
}

TEST_F(Database, shows_a_failure_where_it_is_and_changes_nothing) {
  project_.add_chain(1);
  project_.add("bad", "a1",
               "CREATE TABLE fine (n integer);\nALTER TABLE nosuch ADD COLUMN n integer;");
  const auto run = steward({"upgrade"});
  EXPECT_EQ(run.exit, 8) << run.all();
  EXPECT_NE(run.err.find("relation \"nosuch\" does not exist\n"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("migrations/bad_bad.sql:6"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("(statement 2)"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("ALTER TABLE nosuch ADD COLUMN n integer;"), std::string::npos) << run.err;
  EXPECT_FALSE(has_table("fine"));
  EXPECT_EQ(steward({"current"}).out, "a1\n");
  const json error = object({"upgrade"})["error"];
  EXPECT_EQ(error["code"], "step_failed");
  EXPECT_EQ(error["sqlstate"], "42P01");
  EXPECT_EQ(error["file"], "migrations/bad_bad.sql");
  EXPECT_EQ(error["line"], 6);
  EXPECT_EQ(error["statement"], 2);
  EXPECT_EQ(error["exit"], 8);
}

TEST_F(Database, ships_all_or_nothing_with_atomic) {
  project_.add_chain(2);
  project_.add("bad", "a2", "SELECT 1/0;");
  EXPECT_EQ(steward({"upgrade", "--atomic"}).exit, 8);
  EXPECT_FALSE(has_table("a1"));
  EXPECT_EQ(steward({"upgrade", "a2", "--atomic"}).exit, 0);
  EXPECT_TRUE(has_table("a2"));
}

TEST_F(Database, tells_an_edit_from_a_change_of_layout) {
  project_.add_chain(2);
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  project_.add("a2", "a1", "-- a comment\r\nCREATE  TABLE a2\r\n  (n integer);\r\n\r\n",
               "DROP TABLE a2;");
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  EXPECT_EQ(steward({"status"}).exit, 0);
  project_.add("a2", "a1", "CREATE TABLE a2 (n bigint);", "DROP TABLE a2;");
  for (const char* verb : {"upgrade", "status", "doctor"})
    EXPECT_EQ(steward({verb}).exit, 4) << verb;
  const auto run = steward({"upgrade"});
  EXPECT_NE(run.err.find("migrations/a2_a2.sql"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("hint: "), std::string::npos);
  EXPECT_EQ(object({"downgrade", "base"})["error"]["code"], "edited_revision");
  EXPECT_TRUE(has_table("a2"));
  // Whoever means it says so.
  EXPECT_EQ(steward({"stamp", "a2"}).exit, 0);
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
}

TEST_F(Database, notices_files_that_are_gone_or_renamed) {
  project_.add_chain(2);
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  std::filesystem::remove(project_.root() / "migrations/a2_a2.sql");
  EXPECT_EQ(object({"upgrade"})["error"]["code"], "missing_revision");
  EXPECT_EQ(steward({"current"}).out, "a2 (no file)\n");
  project_.add("other", "a1", "CREATE TABLE a2 (n integer);", "DROP TABLE a2;");
  const json error = object({"upgrade"})["error"];
  EXPECT_EQ(error["code"], "renamed_revision");
  EXPECT_NE(error["detail"].get<std::string>().find("migrations/other_other.sql"),
            std::string::npos);
  EXPECT_EQ(error["exit"], 4);
}

TEST_F(Database, refuses_to_undo_what_has_no_way_back) {
  project_.add_chain(1);
  project_.add("b", "a1", "SELECT 1;", "");
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  const json error = object({"downgrade", "base"})["error"];
  EXPECT_EQ(error["code"], "no_downgrade");
  EXPECT_EQ(error["exit"], 5);
  EXPECT_EQ(steward({"current"}).out, "b (head)\n");
}

TEST_F(Database, wants_to_know_which_of_several_heads) {
  project_.add_chain(1);
  project_.add("b", "a1", "SELECT 1;", "SELECT 1;", "-- labels: left\n");
  project_.add("c", "a1", "SELECT 1;");
  EXPECT_EQ(steward({"upgrade"}).exit, 5);
  EXPECT_EQ(steward({"upgrade", "left@head"}).exit, 0);
  EXPECT_EQ(steward({"current"}).out, "b (left) (head)\n");
  EXPECT_EQ(steward({"upgrade", "heads"}).exit, 0);
  EXPECT_EQ(steward({"upgrade"}).exit, 5);
}

TEST_F(Database, stamps_without_running) {
  project_.add_chain(3);
  EXPECT_EQ(steward({"stamp", "a2"}).exit, 0);
  EXPECT_FALSE(has_table("a1"));
  EXPECT_EQ(steward({"current"}).out, "a2\n");
  EXPECT_EQ(object({"stamp", "a2"})["changes"], json::array());
  EXPECT_EQ(steward({"stamp", "a1"}).exit, 0);
  EXPECT_EQ(steward({"current"}).out, "a1\n");
  EXPECT_EQ(steward({"stamp", "base"}).exit, 0);
  EXPECT_EQ(steward({"current"}).out, "");
  EXPECT_EQ(steward({"stamp", "head"}).exit, 0);
  EXPECT_EQ(steward({"stamp", "a1", "--purge"}).exit, 0);
  EXPECT_EQ(steward({"current"}).out, "a1\n");
  EXPECT_EQ(value("SELECT count(*) FROM steward.verify_ledger()"), "0");
}

TEST_F(Database, marks_the_current_revision_in_the_history) {
  project_.add_chain(3);
  ASSERT_EQ(steward({"upgrade", "a2"}).exit, 0);
  EXPECT_EQ(steward({"history", "-i", "-r", "-1:current"}).out,
            "a1 -> a2 (current), a2\n<base> -> a1, a1\n");
  EXPECT_NE(steward({"show", "current"}).out.find("Rev: a2"), std::string::npos);
}

TEST_F(Database, asks_no_database_for_what_files_say) {
  project_.add_chain(1);
  project_.use("postgresql://nobody@127.0.0.1:1/nowhere");
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"history"}, {"heads"}, {"branches"}, {"show", "head"}, {"new", "-m", "x"}})
    EXPECT_EQ(steward(words).exit, 0) << words[0];
}

TEST_F(Database, gives_way_to_another_runner_and_then_gives_up) {
  project_.add_chain(1);
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  project_.add("b", "a1", "SELECT 1;");
  pg::Connection other = Server::shared().connect(url_);
  other.run("SELECT pg_advisory_lock(steward.lock_key())");
  const auto run = steward({"upgrade", "--lock-wait", "500ms"});
  EXPECT_EQ(run.exit, 6) << run.all();
  EXPECT_EQ(steward({"stamp", "b"}).exit, 6);
  other.run("SELECT pg_advisory_unlock_all()");
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
}

TEST_F(Database, stops_at_a_signal_and_rolls_back) {
  project_.add_chain(1);
  project_.add("b", "a1", "CREATE TABLE b (n integer);\nSELECT pg_sleep(30);");
  ASSERT_EQ(steward({"upgrade", "a1"}).exit, 0);
  RunOptions options;
  options.signal_after_ms = 1000;
  for (const int signal : {SIGINT, SIGTERM}) {
    options.signal = signal;
    const auto run = steward({"upgrade"}, options);
    EXPECT_EQ(run.exit, 128 + signal) << run.all();
    EXPECT_FALSE(has_table("b"));
  }
  EXPECT_EQ(steward({"current"}).out, "a1\n");
}

TEST_F(Database, moves_on_a_terminal_and_fits_it) {
  project_.add_chain(1);
  project_.add("b", "a1", "SELECT pg_sleep(0.5);");
  for (const auto columns : {std::uint16_t{40}, std::uint16_t{100}}) {
    RunOptions options;
    options.columns = columns;
    const auto run = steward({"upgrade"}, options);
    EXPECT_EQ(run.exit, 0) << run.out;
    EXPECT_NE(run.out.find("\r\x1b[K"), std::string::npos) << run.out;
    EXPECT_EQ(run.out.find("[━") != std::string::npos || run.out.find("[·") != std::string::npos,
              columns == 100)
        << run.out;
    EXPECT_NE(run.out.find("\x1b[36m"), std::string::npos);
    options.environment["NO_COLOR"] = "1";
    EXPECT_EQ(steward({"downgrade", "base"}, options).out.find("\x1b[36m"), std::string::npos);
  }
}

TEST_F(Database, prints_plain_lines_elsewhere_and_none_when_quiet) {
  project_.add_chain(1);
  const auto run = steward({"upgrade"});
  EXPECT_TRUE(run.err.starts_with("1/1 upgrade a1 a1")) << run.err;
  EXPECT_EQ(run.all().find('\x1b'), std::string::npos);
  EXPECT_EQ(steward({"downgrade", "base", "-q"}).all(), "");
}

TEST_F(Database, takes_over_another_tools_history) {
  std::filesystem::create_directory(project_.root() / "old");
  for (const char* name : {"1_users", "2_tasks", "3_tags"}) {
    project_.write("old/" + std::string(name) + ".up.sql",
                   "CREATE TABLE t_" + std::string(name) + " (n integer);\n");
    project_.write("old/" + std::string(name) + ".down.sql",
                   "DROP TABLE t_" + std::string(name) + ";\n");
  }
  Server::shared().connect(url_).run(
      "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);"
      "INSERT INTO schema_migrations VALUES (2, false);"
      "CREATE TABLE t_1_users (n integer); CREATE TABLE t_2_tasks (n integer);");
  const json imported = object({"import", "--from", "golang-migrate", "old"});
  EXPECT_EQ(imported["files"].size(), 3u) << imported;
  EXPECT_EQ(imported["adopted"].size(), 2u);
  EXPECT_EQ(object({"status"})["pending"].size(), 1u);
  EXPECT_EQ(object({"import", "--from", "golang-migrate", "old"})["unchanged"], 3);
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  EXPECT_TRUE(has_table("t_3_tags"));
  EXPECT_EQ(steward({"downgrade", "base"}).exit, 0);
  EXPECT_FALSE(has_table("t_1_users"));
}

TEST_F(Database, imports_nothing_of_a_history_left_half_way) {
  std::filesystem::create_directory(project_.root() / "old");
  project_.write("old/1_a.up.sql", "SELECT 1;\n");
  Server::shared().connect(url_).run(
      "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);"
      "INSERT INTO schema_migrations VALUES (1, true);");
  EXPECT_EQ(steward({"import", "--from", "golang-migrate", "old"}).exit, 4);
  EXPECT_TRUE(std::filesystem::is_empty(project_.root() / "migrations"));
}

TEST_F(Database, imports_nothing_when_the_table_named_is_not_there) {
  std::filesystem::create_directory(project_.root() / "old");
  project_.write("old/1_one.up.sql", "CREATE TABLE one ();");
  const auto run = steward({"import", "--from", "golang-migrate", "old", "--table", "misspelt"});
  EXPECT_EQ(run.exit, 2) << run.all();
  EXPECT_NE(run.err.find("there is no table \"misspelt\""), std::string::npos) << run.err;
  EXPECT_TRUE(std::filesystem::is_empty(project_.root() / "migrations"));
}

// A step that was interrupted outside a transaction, as a kill leaves it.
TEST_F(Database, shows_a_step_that_was_started_and_did_not_end) {
  project_.write("migrations/c1_c1.sql",
                 "-- revision: c1\n-- revises:\n-- steward:upgrade transaction=off\n"
                 "CREATE TABLE c (n integer);\nSELECT pg_sleep(60);\n-- steward:downgrade\n");
  RunOptions options;
  options.signal_after_ms = 1500;
  options.signal = SIGKILL;
  EXPECT_EQ(steward({"upgrade"}, options).exit, 128 + SIGKILL);
  const auto status = steward({"status"});
  EXPECT_NE(status.out.find("open      c1 upgrade since "), std::string::npos) << status.all();
  EXPECT_NE(status.out.find("1 statement done; upgrade goes on with it"), std::string::npos);
  EXPECT_EQ(object({"status"})["open_steps"][0]["statements_done"], 1);
}

}  // namespace
}  // namespace steward::test
