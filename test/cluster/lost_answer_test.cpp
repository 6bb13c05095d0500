// Statements outside a transaction that the server carried out while their answer was lost: the
// catalog is asked whether they took effect, and the next run neither fails over what is there nor
// leaves it out.
#include <gtest/gtest.h>

#include "test/cluster/support/project.h"
#include "test/cluster/support/proxy.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

class LostAnswer : public testing::Test {
 protected:
  LostAnswer() : url_(server().new_database()) {}

  static Server& server() { return Server::shared(); }
  std::string value(const std::string& query) const { return server().value(url_, query); }
  void run(const std::string& sql) const { server().connect(url_).run(sql); }

  // Ships the statement, lets the server have it, and loses what it says; then runs again.
  void expect_to_go_on_after(const std::string& statement) {
    project_.write("migrations/l1_l1.sql",
                   "-- revision: l1\n-- steward:upgrade transaction=off\nCREATE TABLE l1 ();\n" +
                       statement + ";\nCREATE TABLE l2 ();\n-- steward:downgrade\n");
    Proxy proxy(server().socket_directory(), {Fault::What::cut, 0, statement, true});
    project_.use(proxy.through(url_));
    const auto lost = project_.steward({"upgrade"});
    EXPECT_TRUE(proxy.happened());
    EXPECT_EQ(lost.exit, 7) << lost.all();
    project_.use(url_);
    const auto next = project_.steward({"upgrade"});
    EXPECT_EQ(next.exit, 0) << next.all();
    EXPECT_EQ(value("SELECT to_regclass('l1') IS NOT NULL AND to_regclass('l2') IS NOT NULL"), "t");
    EXPECT_EQ(value("SELECT count(*) FROM steward.open_step"), "0");
    EXPECT_EQ(value("SELECT string_agg(problem, ', ') FROM steward.verify_ledger()"), "");
  }

  std::string url_;
  Project project_;
};

TEST_F(LostAnswer, of_create_database) {
  expect_to_go_on_after("CREATE DATABASE lost_one");
  EXPECT_EQ(value("SELECT count(*) FROM pg_database WHERE datname = 'lost_one'"), "1");
  run("DROP DATABASE lost_one");
}

TEST_F(LostAnswer, of_drop_database) {
  run("CREATE DATABASE lost_two");
  expect_to_go_on_after("DROP DATABASE lost_two");
  EXPECT_EQ(value("SELECT count(*) FROM pg_database WHERE datname = 'lost_two'"), "0");
}

TEST_F(LostAnswer, of_create_and_drop_tablespace) {
  run("ALTER DATABASE " + url_.substr(url_.rfind('/') + 1) +
      " SET allow_in_place_tablespaces = on");
  expect_to_go_on_after("CREATE TABLESPACE lost_space LOCATION ''");
  EXPECT_EQ(value("SELECT count(*) FROM pg_tablespace WHERE spcname = 'lost_space'"), "1");
  run("DROP TABLESPACE lost_space");
}

TEST_F(LostAnswer, of_create_subscription) {
  expect_to_go_on_after(
      "CREATE SUBSCRIPTION lost_words CONNECTION 'dbname=nowhere' PUBLICATION p "
      "WITH (connect = false, slot_name = NONE)");
  EXPECT_EQ(value("SELECT count(*) FROM pg_subscription WHERE subname = 'lost_words'"), "1");
  run("DROP SUBSCRIPTION lost_words");
}

TEST_F(LostAnswer, of_create_index_concurrently) {
  run("CREATE TABLE item (n integer)");
  expect_to_go_on_after("CREATE INDEX CONCURRENTLY item_n ON item (n)");
  EXPECT_EQ(value("SELECT string_agg(indexrelid::regclass::text || indisvalid, ',') FROM pg_index"
                  " WHERE indrelid = 'item'::regclass"),
            "item_ntrue");
}

TEST_F(LostAnswer, of_drop_index_concurrently) {
  run("CREATE TABLE item (n integer); CREATE INDEX item_n ON item (n)");
  expect_to_go_on_after("DROP INDEX CONCURRENTLY item_n");
  EXPECT_EQ(value("SELECT count(*) FROM pg_index WHERE indrelid = 'item'::regclass"), "0");
}

// A value that its own transaction added to an enum cannot be used there: the hint says what to do.
TEST_F(LostAnswer, is_none_of_an_enum_value_used_at_once) {
  project_.use(url_);
  project_.add("e1", "", "CREATE TYPE mood AS ENUM ('glad');");
  ASSERT_EQ(project_.steward({"upgrade"}).exit, 0);
  project_.add("e2", "e1",
               "ALTER TYPE mood ADD VALUE 'sad';\nCREATE TABLE day (m mood DEFAULT 'sad');");
  const auto used = project_.steward({"upgrade"});
  EXPECT_EQ(used.exit, 8) << used.all();
  EXPECT_NE(used.err.find("a revision of its own"), std::string::npos) << used.err;
  EXPECT_EQ(value("SELECT enum_range(NULL::mood)::text"), "{glad}");
  project_.add("e2", "e1", "ALTER TYPE mood ADD VALUE 'sad';");
  project_.add("e3", "e2", "CREATE TABLE day (m mood DEFAULT 'sad');");
  const auto next = project_.steward({"upgrade"});
  EXPECT_EQ(next.exit, 0) << next.all();
}

}  // namespace
}  // namespace steward::test
