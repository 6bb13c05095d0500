// squash: the schema stays, and every database goes on, wherever it stood.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "test/cluster/support/json_lines.h"
#include "test/cluster/support/programs.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"
#include "test/cluster/support/untroubled.h"

namespace steward::test {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

// A row of four with one behind it: s1 <- s2 <- s3 <- s4 <- s5.
class Squash : public testing::Test {
 protected:
  Squash() {
    add("s1", "", "CREATE TABLE item (id bigint PRIMARY KEY, name text);", "DROP TABLE item;");
    add("s2", "s1", "SET search_path = pg_catalog;\nCREATE TABLE public.tag (name text)",
        "DROP TABLE tag");
    add("s3", "s2", "ALTER TABLE item ADD tag text; INSERT INTO item VALUES (1, 'a;b', 't')",
        "DELETE FROM item; ALTER TABLE item DROP tag;");
    add("s4", "s3", "CREATE VIEW items AS SELECT name FROM item;", "DROP VIEW items;");
    add("s5", "s4", "CREATE TABLE last ();", "DROP TABLE last;");
  }

  void add(const std::string& id, const std::string& parents, const std::string& up,
           const std::string& down) {
    project_.add(id, parents, up, down);
  }
  // A database with the first of them applied.
  std::string database(const std::string& target) {
    const std::string url = Server::shared().new_database();
    if (target != "base") expect(url, {"upgrade", target}, 0);
    return url;
  }
  Outcome steward(const std::string& url, std::vector<std::string> words) const {
    words.insert(words.end(), {"--url", url});
    return project_.steward(words);
  }
  Outcome expect(const std::string& url, const std::vector<std::string>& words, int exit) const {
    Outcome outcome = steward(url, words);
    EXPECT_EQ(outcome.exit, exit) << words[0] << ": " << outcome.all();
    return outcome;
  }
  void squash(const std::string& range = "s1:s4") {
    expect(Server::shared().new_database(), {"squash", range, "-m", "All at once"}, 0);
  }
  std::string value(const std::string& url, const std::string& query) const {
    return Server::shared().value(url, query);
  }
  std::string applied(const std::string& url) const {
    return value(url, "SELECT string_agg(revision, ',' ORDER BY revision) FROM steward.revision");
  }
  std::string heads(const std::string& url) const {
    return value(url, "SELECT string_agg(revision, ',' ORDER BY revision) FROM steward.head");
  }
  void expect_sound(const std::string& url) const {
    EXPECT_EQ(value(url, "SELECT string_agg(problem, ', ') FROM steward.verify_ledger()"), "");
    expect(url, {"verify"}, 0);
  }
  void keep_checkout() { fs::copy(project_.root() / "migrations", project_.root() / "older"); }
  // The files of the release before the squash.
  void return_to_checkout() {
    fs::remove_all(project_.root() / "migrations");
    fs::rename(project_.root() / "older", project_.root() / "migrations");
  }

  Project project_;
};

TEST_F(Squash, makes_the_schema_that_the_row_made) {
  const std::string old = database("head");
  squash();
  EXPECT_FALSE(fs::exists(project_.root() / "migrations/s1_s1.sql"));
  EXPECT_TRUE(fs::exists(project_.root() / "migrations/squashed/s4/s1_s1.sql"));
  EXPECT_EQ(project_.steward({"heads"}).out, "s5 (head)\n");
  const std::string fresh = database("head");
  EXPECT_EQ(applied(fresh), "s4,s5");
  EXPECT_EQ(difference(dump(old), dump(fresh)), "");
  EXPECT_EQ(value(old, "SELECT count(*) FROM item"), value(fresh, "SELECT count(*) FROM item"));
  const std::string fingerprints = "SELECT * FROM steward.fingerprints()";
  EXPECT_EQ(value(old, fingerprints), value(fresh, fingerprints));
  expect(fresh, {"downgrade", "base"}, 0);
  EXPECT_EQ(
      value(fresh, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"),
      "0");
  expect_sound(fresh);
}

TEST_F(Squash, is_recorded_where_all_of_it_is_applied) {
  const std::string url = database("head");
  const std::string before = dump(url);
  squash();
  const json status = json::parse(last_line(expect(url, {"status", "--json"}, 0).out));
  EXPECT_EQ(status["pending"], json::array());
  EXPECT_EQ(status["contradictions"], json::array());
  EXPECT_EQ(status["deploy"], "steward upgrade will record a squashed revision, and run nothing");
  EXPECT_EQ(applied(url), "s1,s2,s3,s4,s5");  // looking writes nothing
  expect(url, {"upgrade"}, 0);
  EXPECT_EQ(applied(url), "s4,s5");
  EXPECT_EQ(heads(url), "s5");
  EXPECT_EQ(before, dump(url));
  EXPECT_EQ(value(url,
                  "SELECT detail->>'replaces' FROM steward.ledger WHERE revision = 's4'"
                  " ORDER BY seq DESC LIMIT 1"),
            "[\"s1\", \"s2\", \"s3\"]");
  const std::string rows = value(url, "SELECT max(seq) FROM steward.ledger");
  expect(url, {"upgrade"}, 0);
  EXPECT_EQ(value(url, "SELECT max(seq) FROM steward.ledger"), rows);
  expect_sound(url);
  expect(url, {"downgrade", "base"}, 0);
  EXPECT_EQ(heads(url), "");
  expect(url, {"upgrade"}, 0);
  EXPECT_EQ(difference(before, dump(url)), "");
}

TEST_F(Squash, is_undone_in_one_go_where_the_row_was_applied) {
  const std::string url = database("s4");
  squash();
  expect(url, {"downgrade", "-1"}, 0);
  EXPECT_EQ(applied(url), "");
  EXPECT_EQ(value(url, "SELECT to_regclass('item') IS NULL"), "t");
  expect_sound(url);
}

TEST_F(Squash, leaves_its_parent_the_head_when_it_is_undone) {
  const std::string url = database("s4");
  squash("s2:s4");
  expect(url, {"upgrade"}, 0);
  expect(url, {"downgrade", "s1"}, 0);
  EXPECT_EQ(heads(url), "s1");
  expect_sound(url);
}

TEST_F(Squash, is_finished_with_the_old_files_within_the_row) {
  std::vector<std::string> urls;
  for (const char* place : {"s1", "s2", "s3"}) urls.push_back(database(place));
  squash();
  const std::string fresh = dump(database("head"));
  for (const std::string& url : urls) {
    const json status = json::parse(last_line(expect(url, {"status", "--json"}, 0).out));
    EXPECT_EQ(status["pending"].back(), "s5");
    expect(url, {"upgrade"}, 0);
    EXPECT_EQ(applied(url), "s4,s5");
    EXPECT_EQ(heads(url), "s5");
    EXPECT_EQ(difference(fresh, dump(url)), "");
    expect_sound(url);
  }
}

TEST_F(Squash, can_be_left_downwards_from_within_the_row) {
  const std::string url = database("s3");
  squash();
  expect(url, {"downgrade", "-1"}, 0);
  EXPECT_EQ(applied(url), "s1,s2");
  expect(url, {"downgrade", "base"}, 0);
  expect(url, {"upgrade"}, 0);
  EXPECT_EQ(applied(url), "s4,s5");
  expect_sound(url);
}

TEST_F(Squash, refuses_a_database_within_the_row_whose_files_are_gone) {
  const std::string url = database("s2");
  squash();
  fs::remove_all(project_.root() / "migrations/squashed");
  const Outcome refused = expect(url, {"upgrade"}, 4);
  EXPECT_NE(refused.err.find("stands within revision \"s4\""), std::string::npos) << refused.err;
  EXPECT_EQ(applied(url), "s1,s2");
}

TEST_F(Squash, records_nothing_over_a_row_that_was_edited) {
  const std::string url = database("head");
  add("s2", "s1", "CREATE TABLE tag (name text, more text);", "DROP TABLE tag");
  squash();
  const Outcome refused = expect(url, {"upgrade"}, 4);
  EXPECT_NE(refused.err.find("revision \"s2\" was edited"), std::string::npos) << refused.err;
  EXPECT_EQ(applied(url), "s1,s2,s3,s4,s5");
}

TEST_F(Squash, lets_the_release_before_it_go_on) {
  const std::string url = database("s4");
  keep_checkout();
  squash();
  expect(url, {"upgrade"}, 0);
  EXPECT_EQ(applied(url), "s4,s5");
  return_to_checkout();
  expect(url, {"upgrade"}, 0);
  EXPECT_EQ(applied(url), "s4,s5");
  expect(url, {"downgrade", "s2"}, 0);
  EXPECT_EQ(applied(url), "s1,s2");
  EXPECT_EQ(heads(url), "s2");
  EXPECT_EQ(value(url, "SELECT to_regclass('tag') IS NOT NULL"), "t");
  expect_sound(url);
}

TEST_F(Squash, lets_a_release_from_before_it_undo_what_a_new_database_ran) {
  keep_checkout();
  squash();
  const std::string url = database("head");
  return_to_checkout();
  expect(url, {"downgrade", "s3"}, 0);
  EXPECT_EQ(applied(url), "s1,s2,s3");
  expect_sound(url);
}

TEST_F(Squash, keeps_a_release_that_ends_within_the_row_from_running_it_again) {
  keep_checkout();
  squash();
  const std::string url = database("head");
  return_to_checkout();
  for (const char* newer : {"s3", "s4", "s5"})
    fs::remove(project_.root() / ("migrations/" + std::string(newer) + "_" + newer + ".sql"));
  const Outcome refused = expect(url, {"upgrade", "--ignore-future"}, 4);
  EXPECT_NE(refused.err.find("is part of \"s4\""), std::string::npos) << refused.err;
}

TEST_F(Squash, rehearses_what_it_would_record) {
  const std::string url = database("s4");
  squash();
  const std::string rows = value(url, "SELECT max(seq) FROM steward.ledger");
  expect(url, {"upgrade", "--dry-run"}, 0);
  expect(url, {"downgrade", "base", "--dry-run"}, 0);
  EXPECT_EQ(value(url, "SELECT max(seq) FROM steward.ledger"), rows);
  const Outcome script = expect(url, {"downgrade", "base", "--sql"}, 0);
  project_.write("way_back.sql", script.out);
  const auto ran = psql_file(url, project_.root() / "way_back.sql");
  EXPECT_EQ(ran.exit, 0) << ran.all();
  EXPECT_EQ(applied(url), "");
}

TEST_F(Squash, can_be_squashed_again) {
  const std::string one = database("s1"), three = database("s3"), all = database("head");
  squash("s1:s3");
  const std::string first = database("head");
  squash("s3:s4");
  for (const std::string& url : {one, three, all, first}) {
    expect(url, {"upgrade"}, 0);
    EXPECT_EQ(applied(url), "s4,s5");
    EXPECT_EQ(heads(url), "s5");
    EXPECT_EQ(difference(dump(all), dump(url)), "");
    expect_sound(url);
  }
}

TEST_F(Squash, writes_nothing_that_was_not_proved) {
  // A cast that the transaction of its own type's making forbids: only a run can tell.
  add("s2", "s1", "INSERT INTO item VALUES (7, 'seven'); CREATE TABLE tag (name text);",
      "DROP TABLE tag; DELETE FROM item;");
  add("s3", "s2",
      "DO $$ BEGIN IF (SELECT xmin FROM item) = pg_current_xact_id()::xid THEN "
      "ALTER TABLE item ADD same integer; END IF; END $$; ALTER TABLE item ADD tag text;",
      "ALTER TABLE item DROP tag;");
  const Outcome refused = expect(Server::shared().new_database(), {"squash", "s1:s4"}, 12);
  EXPECT_NE(refused.err.find("does not make the schema"), std::string::npos) << refused.err;
  EXPECT_TRUE(fs::exists(project_.root() / "migrations/s1_s1.sql"));
  EXPECT_FALSE(fs::exists(project_.root() / "migrations/squashed"));
}

TEST_F(Squash, names_what_cannot_share_a_transaction_or_leaves_it_alone) {
  project_.write("migrations/s3_s3.sql", header("s3", "s2") +
                                             "-- steward:upgrade transaction=off\n"
                                             "CREATE INDEX CONCURRENTLY item_name ON item (name);\n"
                                             "-- steward:downgrade transaction=off\n"
                                             "DROP INDEX CONCURRENTLY item_name;\n");
  const std::string url = database("head");
  const Outcome refused = expect(url, {"squash", ":s5"}, 12);
  EXPECT_NE(refused.err.find("s3: it runs outside a transaction"), std::string::npos)
      << refused.err;
  const json split =
      json::parse(last_line(expect(url, {"squash", ":s5", "--split", "--json"}, 0).out));
  EXPECT_EQ(split["left"], json({"s3"}));
  EXPECT_EQ(split["squashed"][0]["revision"], "s2");
  EXPECT_EQ(split["squashed"][1]["replaces"], json({"s4"}));
  EXPECT_TRUE(split["proved"]);
  expect(url, {"upgrade"}, 0);
  EXPECT_EQ(applied(url), "s2,s3,s5");
  EXPECT_EQ(difference(dump(url), dump(database("head"))), "");
  expect_sound(url);
}

TEST_F(Squash, needs_no_database_without_a_proof) {
  const auto squash = project_.steward({"squash", "s1:s4", "--no-proof"});
  EXPECT_EQ(squash.exit, 0) << squash.all();
  EXPECT_NE(squash.err.find("nobody tried"), std::string::npos) << squash.err;
}

// Killed between the squashed file and the last old one: nothing is shipped until that is mended.
TEST_F(Squash, refuses_old_files_beside_it) {
  squash();
  fs::copy(project_.root() / "migrations/squashed/s4/s2_s2.sql", project_.root() / "migrations");
  const auto refused = project_.steward({"heads"});
  EXPECT_EQ(refused.exit, 5);
  EXPECT_NE(refused.err.find("is replaced by \"s4\""), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace steward::test
