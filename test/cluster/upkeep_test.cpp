// The verbs between deploys: verify, repair, locks, wait, edit, rebase.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "test/cluster/support/json_lines.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"
#include "test/cluster/support/untroubled.h"

namespace steward::test {
namespace {

using nlohmann::json;

class Upkeep : public Untroubled {
 protected:
  Outcome steward(const std::vector<std::string>& words, RunOptions options = {}) const {
    return project_.steward(words, std::move(options));
  }
  json object(std::vector<std::string> words) const {
    words.push_back("--json");
    return json::parse(last_line(steward(words).out));
  }
  void run(const std::string& sql) const { Server::shared().connect(url_).run(sql); }
  std::string heads() const {
    return value("SELECT string_agg(revision, ',' ORDER BY revision) FROM steward.head");
  }
};

class Verify : public Upkeep {};

TEST_F(Verify, finds_nothing_wrong_where_nothing_is) {
  const auto verify = steward({"verify"});
  EXPECT_EQ(verify.exit, 0) << verify.all();
  EXPECT_EQ(verify.out, "ok     ledger\nok     files\nok     schema\n");
}

TEST_F(Verify, asks_the_verify_sections_again) {
  project_.write("migrations/a3_a3.sql", header("a3", "a2") +
                                             "-- steward:upgrade\nINSERT INTO a2 VALUES (1);\n"
                                             "-- steward:downgrade\nDELETE FROM a2;\n"
                                             "-- steward:verify\nSELECT count(*) = 1 FROM a2;\n");
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  EXPECT_EQ(steward({"verify", "a3"}).out, "ok     revision a3\n");
  run("DELETE FROM a2");
  const auto wrong = steward({"verify"});
  EXPECT_EQ(wrong.exit, 3) << wrong.all();
  EXPECT_NE(wrong.out.find("wrong  revision a3: the query answered f"), std::string::npos);
}

TEST_F(Verify, writes_nothing_whatever_a_section_says) {
  project_.write("migrations/a3_a3.sql",
                 header("a3", "a2") +
                     "-- steward:upgrade\n-- steward:downgrade\n"
                     "-- steward:verify\nINSERT INTO a2 VALUES (1) RETURNING true;\n");
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  const auto verify = steward({"verify"});
  EXPECT_EQ(verify.exit, 3) << verify.all();
  EXPECT_NE(verify.out.find("read-only transaction"), std::string::npos) << verify.out;
}

TEST_F(Verify, finds_an_edit_and_a_cut_ledger) {
  const std::string anchor = value("SELECT steward.anchor()");
  EXPECT_EQ(steward({"verify", "--anchor", anchor}).exit, 0);
  run("SET session_replication_role = replica; ALTER TABLE steward.ledger DISABLE TRIGGER ALL;"
      "DELETE FROM steward.ledger WHERE seq = (SELECT max(seq) FROM steward.ledger);"
      "ALTER TABLE steward.ledger ENABLE ALWAYS TRIGGER refuse_change");
  const auto cut = steward({"verify", "--anchor", anchor});
  EXPECT_EQ(cut.exit, 4) << cut.all();
  EXPECT_NE(cut.out.find("was cut off"), std::string::npos) << cut.out;
}

class Repair : public Upkeep {};

TEST_F(Repair, finds_nothing_where_nothing_is_wrong) {
  const auto repair = steward({"repair"});
  EXPECT_EQ(repair.exit, 0) << repair.all();
  EXPECT_EQ(repair.out, "nothing to repair\n");
}

TEST_F(Repair, says_what_it_would_write_and_writes_nothing_unless_told_to) {
  project_.add("a2", "a1", "CREATE TABLE a2 (n bigint);", "DROP TABLE a2;");
  const std::string before = state();
  const auto told = steward({"repair"});
  EXPECT_EQ(told.exit, 3) << told.all();
  EXPECT_NE(told.out.find("migrations/a2_a2.sql was edited after it was applied"),
            std::string::npos);
  EXPECT_EQ(before, state());
  EXPECT_EQ(steward({"upgrade"}).exit, 4);
  EXPECT_EQ(steward({"repair", "--yes"}).exit, 0);
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  EXPECT_EQ(value("SELECT action FROM steward.ledger ORDER BY seq DESC LIMIT 1"), "repair");
  EXPECT_EQ(heads(), "a2");
  expect_sound_ledger();
}

// At a terminal, with these keys pressed.
RunOptions typing(const std::string& keys) {
  RunOptions options;
  options.columns = 100;
  options.typed = true;
  options.input = keys;
  return options;
}

TEST_F(Repair, asks_a_person_at_a_terminal) {
  project_.add("a2", "a1", "CREATE TABLE a2 (n bigint);", "DROP TABLE a2;");
  const std::string before = state();
  for (const char* no : {"n\n", "\n", "\x04", "maybe\n"}) {
    const auto asked = steward({"repair"}, typing(no));
    EXPECT_EQ(asked.exit, 3) << no << asked.all();
    EXPECT_NE(asked.out.find("do this? [y/N]"), std::string::npos) << asked.out;
    EXPECT_EQ(asked.out.find("done: "), std::string::npos) << asked.out;
    EXPECT_EQ(before, state()) << no;
  }
  const auto agreed = steward({"repair"}, typing("y\n"));
  EXPECT_EQ(agreed.exit, 0) << agreed.all();
  EXPECT_NE(agreed.out.find("done: a2"), std::string::npos) << agreed.out;
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
}

TEST_F(Repair, says_what_it_would_write_before_it_asks) {
  project_.add("a2", "a1", "CREATE TABLE a2 (n bigint);", "DROP TABLE a2;");
  const auto asked = steward({"repair"}, typing("n\n"));
  const std::size_t said = asked.out.find("writes a ledger row");
  EXPECT_NE(said, std::string::npos) << asked.out;
  EXPECT_LT(said, asked.out.find("do this?")) << asked.out;
}

TEST_F(Repair, takes_no_answer_from_a_pipe) {
  project_.add("a2", "a1", "CREATE TABLE a2 (n bigint);", "DROP TABLE a2;");
  const std::string before = state();
  RunOptions options;
  options.input = "y\n";
  const auto piped = steward({"repair"}, options);
  EXPECT_EQ(piped.exit, 3) << piped.all();
  EXPECT_NE(piped.err.find("to do it: steward repair --yes"), std::string::npos) << piped.err;
  EXPECT_EQ(piped.err.find("[y/N]"), std::string::npos) << piped.err;
  EXPECT_EQ(before, state());
  EXPECT_EQ(steward({"repair", "--json"}, typing("y\n")).exit, 3);
  EXPECT_EQ(object({"repair"})["findings"][0]["kind"], "edited_revision");
}

TEST_F(Repair, makes_no_head_of_what_others_stand_on) {
  project_.add("a1", "", "CREATE TABLE a1 (n bigint);", "DROP TABLE a1;");
  EXPECT_EQ(steward({"repair", "--yes"}).exit, 0);
  EXPECT_EQ(heads(), "a2");
  expect_sound_ledger();
}

TEST_F(Repair, drops_an_index_that_was_left_invalid) {
  run("INSERT INTO a1 VALUES (1), (1)");
  EXPECT_THROW(run("CREATE UNIQUE INDEX CONCURRENTLY broken ON a1 (n)"), std::exception);
  const auto told = steward({"repair"});
  EXPECT_EQ(told.exit, 3) << told.all();
  EXPECT_NE(told.out.find("DROP INDEX CONCURRENTLY broken, on table a1"), std::string::npos);
  EXPECT_EQ(steward({"repair", "-y"}).exit, 0);
  EXPECT_EQ(value("SELECT to_regclass('broken') IS NULL"), "t");
  EXPECT_EQ(steward({"repair"}).exit, 0);
}

class Interrupted : public Upkeep {
 protected:
  // A step outside a transaction whose runner was killed in its second statement.
  void interrupt(const std::string& verb) {
    project_.write("migrations/a3_a3.sql", header("a3", "a2") +
                                               "-- steward:upgrade transaction=off\n"
                                               "CREATE TABLE a3 ();\nSELECT pg_sleep(0.5);\n"
                                               "-- steward:downgrade transaction=off\n"
                                               "SELECT 1;\nSELECT pg_sleep(2);\nDROP TABLE a3;\n");
    if (verb == "downgrade") {
      ASSERT_EQ(steward({"upgrade"}).exit, 0);
    }
    RunOptions options;
    options.signal_after_ms = 350;
    options.signal = SIGKILL;
    ASSERT_EQ(steward({verb, verb == "upgrade" ? "head" : "a2"}, options).exit, 128 + SIGKILL);
    // The lost session ends when it notices.
    for (int i = 0; i < 50 && object({"locks"})["runner"] != json::array(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
};

TEST_F(Interrupted, upgrade_is_left_to_the_next_and_can_be_finished) {
  interrupt("upgrade");
  const auto told = steward({"repair"});
  EXPECT_EQ(told.exit, 3) << told.all();
  EXPECT_NE(told.out.find("steward upgrade goes on with it"), std::string::npos) << told.out;
  EXPECT_EQ(steward({"repair", "--finish", "a3", "--yes"}).exit, 0);
  EXPECT_EQ(heads(), "a3");
  EXPECT_EQ(object({"status"})["open_steps"], json::array());
  expect_sound_ledger();
}

TEST_F(Interrupted, upgrade_can_count_as_never_begun) {
  interrupt("upgrade");
  EXPECT_EQ(steward({"repair", "--undo", "a3", "--yes"}).exit, 0);
  EXPECT_EQ(heads(), "a2");
  EXPECT_EQ(object({"status"})["pending"], json({"a3"}));
  run("DROP TABLE a3");
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  expect_sound_ledger();
}

TEST_F(Interrupted, downgrade_can_be_finished_or_undone) {
  interrupt("downgrade");
  EXPECT_EQ(steward({"repair", "--undo", "a3", "--yes"}).exit, 0);
  EXPECT_EQ(heads(), "a3");
  EXPECT_EQ(steward({"repair", "--undo", "a3", "--yes"}).exit, 5);
  EXPECT_EQ(steward({"downgrade", "a2"}).exit, 0);
  EXPECT_EQ(heads(), "a2");
  expect_sound_ledger();
}

class Locks : public Upkeep {};

TEST_F(Locks, shows_who_waits_for_whom_without_passwords) {
  auto holder = Server::shared().connect(url_);
  holder.run("BEGIN; LOCK TABLE a1;");
  std::jthread waiter([this] {
    auto connection = Server::shared().connect(url_);
    connection.run(
        "SET lock_timeout = '20s'; SELECT 'PASSWORD ''secret''', n FROM a1 -- "
        "PASSWORD 'hush'");
  });
  json waiting;
  for (int i = 0; i < 100 && waiting.size() < 2; ++i) {
    waiting = object({"locks"})["waiting"];
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  ASSERT_EQ(waiting.size(), 2u);
  const json& first = waiting[0]["waits_for"] == "" ? waiting[0] : waiting[1];
  const json& second = waiting[0]["waits_for"] == "" ? waiting[1] : waiting[0];
  EXPECT_EQ(first["pid"], holder.backend_pid());
  EXPECT_EQ(second["waits_for"], std::to_string(holder.backend_pid()));
  holder.run("ROLLBACK; BEGIN; SELECT pg_advisory_xact_lock(steward.lock_key())");
  waiter.join();
  EXPECT_EQ(object({"locks"})["runner"][0]["pid"], holder.backend_pid());
  EXPECT_NE(steward({"locks"}).out.find("idle in transaction"), std::string::npos);
}

TEST(Wait, waits_for_a_server_that_comes) {
  Server server;
  Project project;
  project.use(server.url("postgres"));
  server.stop();
  const auto none = project.steward({"wait", "--timeout", "300ms"});
  EXPECT_EQ(none.exit, 7) << none.all();
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    server.start();
  });
  const auto waited = project.steward({"wait"});
  later.join();
  EXPECT_EQ(waited.exit, 0) << waited.all();
  project.use(server.url("nowhere"));
  EXPECT_EQ(project.steward({"wait"}).exit, 7);  // time does not mend that
  EXPECT_EQ(project.steward({"wait", "--timeout", "soon"}).exit, 2);
}

class Edit : public Upkeep {};

TEST_F(Edit, opens_the_editor_with_its_arguments) {
  project_.add_chain(3);
  RunOptions options;
  options.environment["EDITOR"] = "echo --wait";
  const auto edit = steward({"edit", "head"}, options);
  EXPECT_EQ(edit.exit, 0) << edit.all();
  EXPECT_EQ(edit.out, "--wait migrations/a3_a3.sql\n");
  EXPECT_EQ(steward({"edit", "a2"}, options).exit, 12);
  EXPECT_EQ(steward({"edit", "a2", "--yes"}, options).exit, 0);
  EXPECT_EQ(steward({"edit", "nothing"}, options).exit, 5);
  options.environment["EDITOR"] = "";
  options.environment["VISUAL"] = "";
  EXPECT_EQ(steward({"edit", "head"}, options).exit, 2);
}

class Rebase : public Upkeep {};

// Two branches were merged one after the other, each green on its own.
TEST_F(Rebase, puts_what_is_not_applied_behind_what_is) {
  project_.add("b1", "a2", "CREATE TABLE b1 ();", "DROP TABLE b1;");
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  project_.add("c1", "a2", "CREATE TABLE c1 ();", "DROP TABLE c1;");
  project_.add("c2", "c1", "CREATE TABLE c2 ();", "DROP TABLE c2;");
  const auto two = steward({"upgrade"});
  EXPECT_EQ(two.exit, 5);
  EXPECT_NE(two.err.find("steward rebase"), std::string::npos) << two.err;
  const auto rebase = steward({"rebase"});
  EXPECT_EQ(rebase.exit, 0) << rebase.all();
  EXPECT_EQ(rebase.out, "c1 revises b1 now\n");
  EXPECT_EQ(steward({"heads"}).out, "c2 (head)\n");
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  EXPECT_EQ(heads(), "c2");
  EXPECT_EQ(steward({"rebase"}).out, "nothing to do: there is one head\n");
}

TEST_F(Rebase, puts_three_in_a_row_and_a_base_too) {
  project_.add("b1", "a2", "SELECT 1;");
  project_.add("c1", "a2", "SELECT 1;");
  project_.add("d1", "", "SELECT 1;");
  project_.write("migrations/e1_e1.sql",
                 "-- revision: e1\r\n-- message: e1\r\n-- steward:upgrade\r\n");
  EXPECT_EQ(steward({"rebase", "--onto", "c1"}).exit, 0);
  EXPECT_EQ(object({"heads"})["revisions"].size(), 1u);
  EXPECT_EQ(project_.read("migrations/e1_e1.sql").find("-- revision: e1\n-- revises: "), 0u);
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
}

TEST_F(Rebase, moves_nothing_that_is_applied) {
  project_.add("b1", "a2", "SELECT 1;");
  project_.add("c1", "a2", "SELECT 1;");
  ASSERT_EQ(steward({"upgrade", "heads"}).exit, 0);
  expect_refused(12, {"is applied and cannot be moved", "steward merge"}, {"rebase"});
  EXPECT_EQ(steward({"rebase", "--onto", "a1"}).exit, 5);
}

}  // namespace
}  // namespace steward::test
