// Steps that fail: what was before them stays, what they did is gone, and the message says where.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "test/cluster/support/untroubled.h"

namespace steward::test {
namespace {

class FailedStep : public Untroubled {
 protected:
  // The third revision, whose upgrade section begins on line 5 of its file.
  void third(const std::string& upgrade, const std::string& options = "") {
    project_.write("migrations/a3_a3.sql", header("a3", "a2") + "-- steward:upgrade" + options +
                                               "\n" + upgrade + "\n-- steward:downgrade\n");
  }
  // As expect_refused, of a step: the failure itself is recorded.
  void expect_failed(int exit, std::vector<std::string> words,
                     const std::vector<std::string>& verb = {"upgrade"}) {
    const std::string failures = "SELECT count(*) FROM steward.ledger WHERE action = 'failed'";
    const int before = std::stoi(value(failures));
    expect_refused(exit, words, verb);
    EXPECT_EQ(value(failures), std::to_string(before + 1));
    expect_sound_ledger();
  }
  std::string lock_key() const { return value("SELECT steward.lock_key()"); }
};

TEST_F(FailedStep, of_five_keeps_the_two_before_a_syntax_error_in_the_third) {
  project_.add("b1", "a2", "CREATE TABLE b1 ();");
  project_.add("b2", "b1", "CREATE TABLE b2 ();");
  project_.add("b3", "b2", "CREATE TABLE b3 ();\n  CREATE TABEL b33 ();\nCREATE TABLE b333 ();");
  project_.add("b4", "b3", "CREATE TABLE b4 ();");
  project_.add("b5", "b4", "CREATE TABLE b5 ();");
  const auto up = project_.steward({"upgrade"});
  EXPECT_EQ(up.exit, 8) << up.all();
  for (const char* words : {"\"b3\"", "syntax error at or near \"TABEL\"", "b3_b3.sql:6:10",
                            "(statement 2)", "6 |   CREATE TABEL b33 ();\n  |          ^\n"})
    EXPECT_NE(up.err.find(words), std::string::npos) << words << "\n" << up.err;
  EXPECT_EQ(applied(), "a1,a2,b1,b2");
  EXPECT_FALSE(has_table("b3"));
  expect_sound_ledger();
}

TEST_F(FailedStep, takes_back_the_statements_before_the_one_that_failed) {
  third(
      "CREATE TABLE a3 (n integer);\nINSERT INTO a3 VALUES (1);\n\nINSERT INTO a3\nSELECT 1 / 0;");
  expect_failed(8, {"division by zero", "a3_a3.sql:8", "(statement 3)", "INSERT INTO a3",
                    "context: revision a3, statement 3"});
}

TEST_F(FailedStep, names_the_place_inside_a_function) {
  third(
      "DO $$\nBEGIN\n  RAISE EXCEPTION 'not today' USING HINT = 'tomorrow', ERRCODE = "
      "'ZZ001';\nEND $$;");
  expect_failed(8, {"not today", "hint: tomorrow", "a3_a3.sql:5", "line 3 at RAISE"});
}

TEST_F(FailedStep, refuses_a_commit_inside) {
  third("CREATE TABLE a3 ();\nCOMMIT;\nCREATE TABLE a33 ();");
  expect_failed(8, {"COMMIT", "a3_a3.sql:6", "(statement 2)"});
}

TEST_F(FailedStep, refuses_a_rollback_inside) {
  third("CREATE TABLE a3 ();\nROLLBACK;\nCREATE TABLE a33 ();");
  expect_failed(8, {"ROLLBACK", "a3_a3.sql:6"});
}

TEST_F(FailedStep, refuses_a_commit_inside_a_procedure) {
  third("DO $$ BEGIN\n  COMMIT;\nEND $$;");
  expect_failed(8, {"a3_a3.sql:5", "transaction"});
}

// Known from the file: nothing is sent, and so there is no failure to record.
TEST_F(FailedStep, hints_how_to_run_what_cannot_run_in_a_transaction) {
  for (const char* statement : {"CREATE INDEX CONCURRENTLY a1_n ON a1 (n);", "VACUUM a1;",
                                "CREATE DATABASE nosuch;", "ALTER SYSTEM SET work_mem = '4MB';"}) {
    third(statement);
    expect_refused(2, {"a3_a3.sql:5", "transaction=off"});
  }
}

TEST_F(FailedStep, with_atomic_takes_back_all) {
  project_.add("a3", "a2", "CREATE TABLE a3 ();");
  project_.add("a4", "a3", "CREATE TABLE a3 ();");
  expect_failed(8, {"a4_a4.sql:5", "already exists"}, {"upgrade", "--atomic"});
}

TEST_F(FailedStep, on_the_way_down_leaves_the_revision_applied) {
  project_.add("a3", "a2", "CREATE TABLE a3 ();", "DROP TABLE a3;\nDROP TABLE nosuch;");
  ASSERT_EQ(project_.steward({"upgrade"}).exit, 0);
  expect_failed(8, {"downgrade of revision \"a3\"", "nosuch", "a3_a3.sql:8"}, {"downgrade", "-1"});
}

TEST_F(FailedStep, of_which_the_verify_section_disagrees_is_taken_back) {
  project_.write("migrations/a3_a3.sql",
                 header("a3", "a2") +
                     "-- steward:upgrade\nCREATE TABLE a3 ();\n-- steward:verify\nSELECT false;\n");
  expect_failed(8, {"a3", "verify"});
}

TEST_F(FailedStep, outside_a_transaction_goes_on_where_it_stopped) {
  third(
      "CREATE TABLE a3 (n integer);\nCREATE INDEX CONCURRENTLY a3_n ON a3 (m);\nCREATE TABLE a33 "
      "();",
      " transaction=off");
  const auto up = project_.steward({"upgrade"});
  EXPECT_EQ(up.exit, 9) << up.all();
  EXPECT_NE(up.err.find("a3_a3.sql:6"), std::string::npos) << up.err;
  EXPECT_EQ(applied(), "a1,a2");
  EXPECT_TRUE(has_table("a3"));
  EXPECT_EQ(value("SELECT revision || statements_done FROM steward.open_step"), "a31");
  EXPECT_NE(project_.steward({"status"}).out.find("a3"), std::string::npos);
  third(
      "CREATE TABLE a3 (n integer);\nCREATE INDEX CONCURRENTLY a3_n ON a3 (n);\nCREATE TABLE a33 "
      "();",
      " transaction=off");
  const auto again = project_.steward({"upgrade"});
  EXPECT_EQ(again.exit, 0) << again.all();
  EXPECT_EQ(applied(), "a1,a2,a3");
  EXPECT_TRUE(has_table("a3_n") && has_table("a33"));
  EXPECT_EQ(value("SELECT count(*) FROM steward.open_step"), "0");
  expect_sound_ledger();
}

TEST_F(FailedStep, gives_up_behind_a_reader) {
  third("ALTER TABLE a1 ADD COLUMN m integer;");
  pg::Connection reader = Server::shared().connect(url_);
  reader.run("BEGIN; SELECT * FROM a1");
  expect_failed(11, {"a3", "lock timeout", "a3_a3.sql:5", "hint:"},
                {"upgrade", "--lock-timeout", "50ms"});
}

TEST_F(FailedStep, is_tried_again_until_the_reader_is_gone) {
  third("ALTER TABLE a1 ADD COLUMN m integer;");
  pg::Connection reader = Server::shared().connect(url_);
  reader.run("BEGIN; SELECT * FROM a1");
  std::thread leaving([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(600));
    reader.run("COMMIT");
  });
  const auto up = project_.steward({"upgrade", "--lock-timeout", "200ms"});
  leaving.join();
  EXPECT_EQ(up.exit, 0) << up.all();
  EXPECT_EQ(applied(), "a1,a2,a3");
}

TEST_F(FailedStep, leaves_the_history_to_the_runner_that_holds_the_lock) {
  third("CREATE TABLE a3 ();");
  pg::Connection other = Server::shared().connect(url_);
  other.run("SELECT pg_advisory_lock(" + lock_key() + ")");
  const auto begin = std::chrono::steady_clock::now();
  expect_refused(6, {"another", "In the way: pid ", "hint:"}, {"upgrade", "--lock-wait", "700ms"});
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(700));
}

TEST_F(FailedStep, waits_for_another_runner_to_finish) {
  third("CREATE TABLE a3 ();");
  pg::Connection other = Server::shared().connect(url_);
  other.run("SELECT pg_advisory_lock(" + lock_key() + ")");
  std::thread finishing([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    other.run("SELECT pg_advisory_unlock_all()");
  });
  const auto up = project_.steward({"upgrade"});
  finishing.join();
  EXPECT_EQ(up.exit, 0) << up.all();
}

}  // namespace
}  // namespace steward::test
