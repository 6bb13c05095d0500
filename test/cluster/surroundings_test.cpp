// What a database and a shell bring along that no revision asked for: settings, triggers of other
// tools, words that look like SQL, a disk without room for our output. Each time the step is done
// and recorded, or it is not and says why.
#include <gtest/gtest.h>

#include "test/cluster/support/programs.h"
#include "test/cluster/support/untroubled.h"

namespace steward::test {
namespace {

class Surroundings : public Untroubled {
 protected:
  void run(const std::string& sql) const { Server::shared().connect(url_).run(sql); }
  void set(const std::string& setting) const {
    run("ALTER DATABASE " + url_.substr(url_.rfind('/') + 1) + " SET " + setting);
  }
  void expect_upgrade() {
    const auto up = project_.steward({"upgrade"});
    EXPECT_EQ(up.exit, 0) << up.all();
    expect_sound_ledger();
  }
};

TEST_F(Surroundings, output_that_does_not_fit_stops_nothing) {
  project_.add("a3", "a2", "CREATE TABLE a3 ();");
  RunOptions options;
  options.directory = project_.root().string();
  options.environment["DATABASE_URL"] = url_;
  const auto up =
      test::run({"sh", "-c", steward_path() + " upgrade -v > /dev/full 2> /dev/full"}, options);
  EXPECT_EQ(up.exit, 0);
  EXPECT_TRUE(has_table("a3"));
  expect_sound_ledger();
}

// Triggers do not fire for a session in the role of a replica; the ledger's do.
TEST_F(Surroundings, role_of_a_replica_does_not_open_the_ledger) {
  set("session_replication_role = 'replica'");
  project_.add("a3", "a2", "CREATE TABLE a3 ();");
  expect_upgrade();
  EXPECT_THROW(run("UPDATE steward.ledger SET message = 'other'"), std::exception);
  EXPECT_THROW(run("TRUNCATE steward.ledger"), std::exception);
}

TEST_F(Surroundings, event_trigger_of_another_tool_may_write) {
  run("CREATE TABLE seen (tag text);"
      "CREATE FUNCTION see() RETURNS event_trigger LANGUAGE plpgsql AS"
      " 'BEGIN INSERT INTO seen VALUES (tg_tag); END';"
      "CREATE EVENT TRIGGER sees ON ddl_command_end EXECUTE FUNCTION see()");
  project_.add("a3", "a2", "CREATE TABLE a3 ();");
  expect_upgrade();
  EXPECT_EQ(value("SELECT count(*) FROM seen WHERE tag = 'CREATE TABLE'"), "1");
}

TEST_F(Surroundings, event_trigger_of_another_tool_may_refuse) {
  run("CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS"
      " $$ BEGIN RAISE 'not on a Friday'; END $$;"
      "CREATE EVENT TRIGGER refuses ON ddl_command_end EXECUTE FUNCTION refuse()");
  project_.add("a3", "a2", "CREATE TABLE a3 ();");
  expect_refused(8, {"not on a Friday", "a3_a3.sql:5"});
}

TEST_F(Surroundings, words_that_look_like_sql_are_words) {
  const std::string words = "it's \"quoted\"; DROP TABLE a1; -- $$ \\ %s ${HOME}";
  project_.write("migrations/a3_a3.sql", "-- revision: a3\n-- revises: a2\n-- message: " + words +
                                             "\n-- steward:upgrade\nCREATE TABLE a3 ();\n");
  expect_upgrade();
  EXPECT_TRUE(has_table("a1"));
  EXPECT_EQ(value("SELECT message FROM steward.revision WHERE revision = 'a3'"), words);
}

TEST_F(Surroundings, limit_on_temporary_files_fails_the_step) {
  set("temp_file_limit = '100kB'");
  set("work_mem = '64kB'");
  project_.add("a3", "a2",
               "CREATE TABLE a3 AS SELECT md5(i::text) AS t FROM generate_series(1, 20000) AS i"
               " ORDER BY 1;");
  expect_refused(8, {"temporary file size exceeds temp_file_limit", "a3_a3.sql:5"});
}

// The step that takes the extension away cannot be recorded by it.
TEST_F(Surroundings, extension_dropped_by_a_step_rolls_the_step_back) {
  project_.add("a3", "a2", "CREATE TABLE a3 ();\nDROP EXTENSION pg_steward CASCADE;");
  const auto up = project_.steward({"upgrade"});
  EXPECT_EQ(up.exit, 8) << up.all();
  EXPECT_FALSE(has_table("a3"));
  EXPECT_EQ(value("SELECT count(*) FROM pg_extension WHERE extname = 'pg_steward'"), "1");
  expect_sound_ledger();
}

TEST_F(Surroundings, index_of_a_partitioned_table_cannot_be_built_concurrently) {
  run("CREATE TABLE parts (n integer) PARTITION BY LIST (n)");
  project_.write("migrations/a3_a3.sql",
                 "-- revision: a3\n-- revises: a2\n-- steward:upgrade transaction=off\n"
                 "CREATE INDEX CONCURRENTLY parts_n ON parts (n);\n-- steward:downgrade\n");
  const auto up = project_.steward({"upgrade"});
  EXPECT_EQ(up.exit, 8) << up.all();
  EXPECT_NE(up.err.find("partitioned table"), std::string::npos) << up.err;
  EXPECT_NE(up.err.find("a3_a3.sql:4"), std::string::npos) << up.err;
  project_.add("a3", "a2", "CREATE INDEX parts_n ON parts (n);");
  expect_upgrade();
}

}  // namespace
}  // namespace steward::test
