// Two checkouts of different age on one database: the older one rolls back what the newer one did,
// with what the ledger kept of it.
#include <gtest/gtest.h>

#include "test/cluster/support/programs.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

class OlderRelease : public testing::Test {
 protected:
  OlderRelease() : url_(Server::shared().new_database()) {
    older_.use(url_);
    newer_.use(url_);
    older_.add_chain(2);
    newer_.add_chain(2);
  }
  std::string value(const std::string& query) const { return Server::shared().value(url_, query); }
  std::string heads() const {
    return value("SELECT string_agg(revision, ',' ORDER BY revision) FROM steward.head");
  }
  void expect_sound_ledger() const {
    EXPECT_EQ(value("SELECT string_agg(problem, ', ') FROM steward.verify_ledger()"), "");
  }

  std::string url_;
  Project older_, newer_;
};

TEST_F(OlderRelease, rolls_the_newer_schema_back_to_its_own) {
  ASSERT_EQ(older_.steward({"upgrade"}).exit, 0);
  const std::string before = dump(url_);
  newer_.add("a3", "a2", "ALTER TABLE a2 ADD COLUMN note text;",
             "ALTER TABLE a2 DROP COLUMN note;");
  newer_.add("a4", "a3", "CREATE VIEW v AS SELECT note FROM a2;", "DROP VIEW v;");
  ASSERT_EQ(newer_.steward({"upgrade"}).exit, 0);
  const auto down = older_.steward({"downgrade", "a2"});
  EXPECT_EQ(down.exit, 0) << down.all();
  EXPECT_NE(down.err.find("a4 has no file here"), std::string::npos) << down.err;
  EXPECT_EQ(difference(before, dump(url_)), "");
  EXPECT_EQ(heads(), "a2");
  EXPECT_EQ(older_.steward({"upgrade"}).exit, 0);
  EXPECT_EQ(newer_.steward({"upgrade"}).exit, 0);
  EXPECT_EQ(older_.steward({"downgrade", "base"}).exit, 0);
  expect_sound_ledger();
}

TEST_F(OlderRelease, undoes_relative_to_what_is_applied) {
  newer_.add("a3", "a2", "CREATE TABLE a3 ();", "DROP TABLE a3;");
  ASSERT_EQ(newer_.steward({"upgrade"}).exit, 0);
  EXPECT_EQ(older_.steward({"downgrade", "-1"}).exit, 0);
  EXPECT_EQ(heads(), "a2");
}

TEST_F(OlderRelease, undoes_with_the_options_of_the_section) {
  newer_.write("migrations/a3_a3.sql",
               "-- revision: a3\n-- revises: a2\n-- message: a3\n"
               "-- steward:upgrade transaction=off\nCREATE INDEX CONCURRENTLY i ON a2 (n);\n"
               "-- steward:downgrade transaction=off lock_timeout=7s\n"
               "DROP INDEX CONCURRENTLY i;\n");
  ASSERT_EQ(newer_.steward({"upgrade"}).exit, 0);
  const auto down = older_.steward({"downgrade", "a2"});
  EXPECT_EQ(down.exit, 0) << down.all();
  EXPECT_EQ(value("SELECT count(*) FROM pg_class WHERE relname = 'i'"), "0");
  expect_sound_ledger();
}

TEST_F(OlderRelease, undoes_a_script_that_is_kept_in_pieces) {
  std::string down = "DROP TABLE a3;\n";
  while (down.size() < 700 * 1024) down += "SELECT 'padding, a line of it among many others';\n";
  newer_.add("a3", "a2", "CREATE TABLE a3 ();", down);
  ASSERT_EQ(newer_.steward({"upgrade"}).exit, 0);
  const auto undone = older_.steward({"downgrade", "a2"});
  EXPECT_EQ(undone.exit, 0) << undone.all();
  EXPECT_EQ(value("SELECT to_regclass('a3') IS NULL"), "t");
  expect_sound_ledger();
}

TEST_F(OlderRelease, says_where_a_kept_script_fails) {
  newer_.add("a3", "a2", "CREATE TABLE a3 ();", "DROP TABLE a3;\nDROP TABLE nowhere;");
  ASSERT_EQ(newer_.steward({"upgrade"}).exit, 0);
  const auto down = older_.steward({"downgrade", "a2"});
  EXPECT_EQ(down.exit, 8) << down.all();
  EXPECT_NE(down.err.find("ledger:a3:"), std::string::npos) << down.err;
  EXPECT_NE(down.err.find("DROP TABLE nowhere;"), std::string::npos) << down.err;
  EXPECT_EQ(heads(), "a3");
}

TEST_F(OlderRelease, refuses_what_has_no_way_back_with_its_reason) {
  newer_.write("migrations/a3_a3.sql",
               "-- revision: a3\n-- revises: a2\n-- steward:upgrade\nSELECT 1;\n"
               "-- steward:irreversible the rows are gone\n");
  ASSERT_EQ(newer_.steward({"upgrade"}).exit, 0);
  const auto down = older_.steward({"downgrade", "a2"});
  EXPECT_EQ(down.exit, 5) << down.all();
  EXPECT_NE(down.err.find("the rows are gone"), std::string::npos) << down.err;
  newer_.add("b1", "", "SELECT 1;", "");
  ASSERT_EQ(newer_.steward({"upgrade", "b1"}).exit, 0);
  const auto none = older_.steward({"downgrade", "base"});
  EXPECT_EQ(none.exit, 5) << none.all();
  EXPECT_EQ(heads(), "a3,b1");
}

TEST_F(OlderRelease, starts_only_when_told_to_ignore_the_future) {
  newer_.add("a3", "a2", "CREATE TABLE a3 ();", "DROP TABLE a3;");
  ASSERT_EQ(newer_.steward({"upgrade"}).exit, 0);
  const auto refused = older_.steward({"upgrade"});
  EXPECT_EQ(refused.exit, 4) << refused.all();
  EXPECT_NE(refused.err.find("--ignore-future"), std::string::npos) << refused.err;
  const auto ignored = older_.steward({"upgrade", "--ignore-future"});
  EXPECT_EQ(ignored.exit, 0) << ignored.all();
  EXPECT_NE(ignored.err.find("a3 is applied and not here"), std::string::npos) << ignored.err;
  EXPECT_NE(ignored.out.find("nothing to do: the database is at a3"), std::string::npos);
  EXPECT_EQ(heads(), "a3");
}

TEST_F(OlderRelease, applies_its_own_beside_the_future) {
  newer_.add("a3", "a2", "CREATE TABLE a3 ();", "DROP TABLE a3;");
  ASSERT_EQ(newer_.steward({"upgrade"}).exit, 0);
  older_.add("fix", "a2", "CREATE TABLE fix ();", "DROP TABLE fix;");
  const auto up = older_.steward({"upgrade", "--ignore-future"});
  EXPECT_EQ(up.exit, 0) << up.all();
  EXPECT_EQ(heads(), "a3,fix");
  expect_sound_ledger();
}

TEST_F(OlderRelease, still_refuses_an_edit_when_it_ignores_the_future) {
  newer_.add("a3", "a2", "CREATE TABLE a3 ();", "DROP TABLE a3;");
  ASSERT_EQ(newer_.steward({"upgrade"}).exit, 0);
  older_.add("a2", "a1", "CREATE TABLE a2 (n bigint);", "DROP TABLE a2;");
  EXPECT_EQ(older_.steward({"upgrade", "--ignore-future"}).exit, 4);
  EXPECT_EQ(older_.steward({"downgrade", "a1"}).exit, 4);
}

}  // namespace
}  // namespace steward::test
