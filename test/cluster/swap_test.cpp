// Renames that stand in each other's way: chains and swaps, said with --rename and with marks.
#include <gtest/gtest.h>

#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

class Swap : public testing::Test {
 protected:
  Swap() : url_(Server::shared().new_database()) { project_.use(url_); }

  void arrive(const std::string& schema, std::vector<std::string> flags = {}) const {
    project_.write("schema.sql", schema);
    flags.insert(flags.begin(),
                 {"revision", "--autogenerate", "-m", "change", "--referee", "never"});
    const Outcome made = project_.steward(flags);
    ASSERT_EQ(made.exit, 0) << made.all();
    const Outcome up = project_.steward({"upgrade"});
    ASSERT_EQ(up.exit, 0) << up.all();
  }
  void expect_done() const {
    const Outcome check = project_.steward({"check"});
    EXPECT_EQ(check.exit, 0) << check.all();
    const Outcome again = project_.steward({"revision", "--autogenerate", "-m", "nothing"});
    EXPECT_NE(again.all().find("nothing to write"), std::string::npos) << again.all();
  }
  void go_back() const {
    const Outcome down = project_.steward({"downgrade", "-1"});
    EXPECT_EQ(down.exit, 0) << down.all();
  }
  std::string value(const std::string& query) const { return Server::shared().value(url_, query); }

  Project project_;
  std::string url_;
};

TEST_F(Swap, of_two_columns_keeps_the_values_of_each) {
  const std::string before =
      "CREATE TABLE t (id int PRIMARY KEY, a int, b text);\n"
      "CREATE INDEX t_a_idx ON t (a);\nCREATE VIEW v AS SELECT id, a, b FROM t;\n";
  arrive(before);
  value("INSERT INTO t VALUES (1, 7, 'seven') RETURNING 1");
  arrive(
      "CREATE TABLE t (id int PRIMARY KEY, b int, a text);\n"
      "CREATE INDEX t_b_idx ON t (b);\nCREATE VIEW v AS SELECT id, b, a FROM t;\n",
      {"--rename", "t.a=b", "--rename", "t.b=a"});
  EXPECT_EQ(value("SELECT a || b FROM v"), "seven7");
  expect_done();
  go_back();
  EXPECT_EQ(value("SELECT b || a FROM v"), "seven7");
}

TEST_F(Swap, of_two_tables_takes_keys_and_views_along) {
  arrive(
      "CREATE TABLE a (id bigserial PRIMARY KEY, x int UNIQUE);\n"
      "CREATE TABLE b (id bigserial PRIMARY KEY, y text, a bigint REFERENCES a);\n"
      "CREATE INDEX b_y_idx ON b (y);\nCREATE VIEW v AS SELECT a.id, b.y FROM a JOIN b ON b.a = "
      "a.id;\n");
  value(
      "WITH one AS (INSERT INTO a (x) VALUES (5) RETURNING id) INSERT INTO b (y, a) SELECT 'five', "
      "id FROM one RETURNING 1");
  arrive(
      "-- was: a\nCREATE TABLE b (id bigserial PRIMARY KEY, x int UNIQUE);\n"
      "-- was: b\nCREATE TABLE a (id bigserial PRIMARY KEY, y text, a bigint REFERENCES b, z "
      "int);\n"
      "CREATE INDEX a_y_idx ON a (y);\nCREATE VIEW v AS SELECT b.id, a.y FROM b JOIN a ON a.a = "
      "b.id;\n");
  EXPECT_EQ(value("SELECT x FROM b"), "5");
  EXPECT_EQ(value("SELECT y || a FROM a"), "five1");
  EXPECT_EQ(
      value("SELECT string_agg(conname, ' ' ORDER BY conname) FROM pg_constraint WHERE conrelid "
            "IN ('a'::regclass, 'b'::regclass) AND contype <> 'n'"),
      "a_a_fkey a_pkey b_pkey b_x_key");
  EXPECT_EQ(value("SELECT pg_get_serial_sequence('a', 'id')"), "public.a_id_seq");
  expect_done();
  go_back();
  EXPECT_EQ(value("SELECT y FROM v"), "five");
}

TEST_F(Swap, in_a_chain_goes_from_its_end) {
  arrive(
      "CREATE TABLE t (id int, a int, b int); CREATE TABLE one (x int); CREATE TABLE two (x int);");
  value("INSERT INTO t VALUES (1, 10, 20) RETURNING 1");
  value("INSERT INTO one VALUES (1) RETURNING 1");
  arrive(
      "CREATE TABLE t (id int, b int, c int); CREATE TABLE two (x int); CREATE TABLE three (x "
      "int);",
      {"--rename", "t.a=b", "--rename", "t.b=c", "--rename", "one=two", "--rename", "two=three"});
  EXPECT_EQ(value("SELECT b || ' ' || c FROM t"), "10 20");
  EXPECT_EQ(value("SELECT count(*) FROM two"), "1");
  go_back();
  EXPECT_EQ(value("SELECT a || ' ' || b FROM t"), "10 20");
  EXPECT_EQ(value("SELECT count(*) FROM one"), "1");
}

TEST_F(Swap, of_three_by_marks_is_made_once) {
  arrive("CREATE TABLE t (id int,\n a int,\n b text,\n c date);");
  value("INSERT INTO t VALUES (1, 2, 'b', '2026-01-01') RETURNING 1");
  arrive("CREATE TABLE t (id int,\n b int, -- was: a\n c text, -- was: b\n a date -- was: c\n);");
  EXPECT_EQ(value("SELECT b || c || a FROM t"), "2b2026-01-01");
  expect_done();
  go_back();
  EXPECT_EQ(value("SELECT a || b || c FROM t"), "2b2026-01-01");
}

TEST_F(Swap, of_values_of_an_enum) {
  arrive("CREATE TYPE s AS ENUM ('a', 'b'); CREATE TABLE t (s s);");
  value("INSERT INTO t VALUES ('a') RETURNING 1");
  arrive("CREATE TYPE s AS ENUM ('b', 'a'); CREATE TABLE t (s s);",
         {"--rename", "s.a=b", "--rename", "s.b=a"});
  EXPECT_EQ(value("SELECT s FROM t"), "b");
  go_back();
  EXPECT_EQ(value("SELECT s FROM t"), "a");
}

}  // namespace
}  // namespace steward::test
