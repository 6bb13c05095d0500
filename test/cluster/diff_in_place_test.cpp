// What changes in place together with what it needs, and needs it before and after.
#include <gtest/gtest.h>

#include "test/cluster/support/pairs.h"

namespace steward::test {
namespace {

TEST(DiffInPlace, views_upon_views) {
  const std::string table = "CREATE TABLE t (a int, b int);";
  arrives_and_comes_back(
      table + "CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v;",
      table + "CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW w AS SELECT a, b FROM v;");
}

TEST(DiffInPlace, what_calls_a_function_whose_body_changes) {
  const auto schema = [](const std::string& n) {
    return "CREATE TABLE t (a int); CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT " +
           n + "'; CREATE POLICY p ON t USING (f(a) > " + n +
           "); CREATE VIEW v AS SELECT a FROM t WHERE f(a) = " + n +
           "; CREATE FUNCTION g() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT f(" + n +
           "); END; CREATE DOMAIN d AS int DEFAULT f(" + n + "); CREATE TABLE u (x int DEFAULT f(" +
           n + "))";
  };
  arrives_and_comes_back(schema("1"), schema("2"));
}

TEST(DiffInPlace, what_uses_a_label_that_an_enum_gets) {
  const auto schema = [](const std::string& labels, const std::string& used) {
    return "CREATE TYPE e AS ENUM (" + labels + "); CREATE TABLE t (x e DEFAULT " + used +
           "); CREATE POLICY p ON t USING (x = " + used +
           "); CREATE VIEW v AS SELECT x FROM t WHERE x = " + used +
           "; CREATE FUNCTION f(x e DEFAULT " + used +
           ") RETURNS e LANGUAGE plpgsql AS 'BEGIN RETURN x; END'; CREATE DOMAIN d AS e DEFAULT " +
           used;
  };
  arrives_and_comes_back(schema("'a'", "'a'"), schema("'a', 'b'", "'b'"));
}

TEST(DiffInPlace, what_uses_an_attribute_that_goes_then_one_that_comes) {
  const auto schema = [](const std::string& name) {
    return "CREATE TYPE c AS (x int, " + name +
           " int); CREATE TABLE t (v c); CREATE VIEW w AS SELECT (v).x AS a, (v)." + name +
           " AS b FROM t; CREATE FUNCTION g() RETURNS SETOF int LANGUAGE sql BEGIN ATOMIC SELECT "
           "(v)." +
           name + " FROM t; END; CREATE POLICY p ON t USING ((v)." + name + " > 0)";
  };
  arrives_and_comes_back(schema("y"), schema("z"));
}

TEST(DiffInPlace, a_server_under_foreign_tables) {
  const auto schema = [](const std::string& type) {
    return "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s TYPE '" + type +
           "' FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR PUBLIC SERVER s; CREATE FOREIGN "
           "TABLE f (a int) SERVER s; CREATE VIEW v AS SELECT a FROM f";
  };
  arrives_and_comes_back(schema("a"), schema("b"));
}

// Each partition may have its copy of a trigger enabled in another way than the trigger.
TEST(DiffInPlace, copies_of_triggers) {
  const std::string tables =
      "CREATE TABLE t (a int) PARTITION BY RANGE (a); CREATE TABLE a1 PARTITION OF t FOR VALUES "
      "FROM (0) TO (1) PARTITION BY LIST (a); CREATE TABLE a2 PARTITION OF a1 FOR VALUES IN (0); "
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE "
      "TRIGGER x AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER y AFTER "
      "INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();";
  arrives_and_comes_back(
      tables + "ALTER TABLE a1 DISABLE TRIGGER x; ALTER TABLE a2 ENABLE ALWAYS TRIGGER y",
      tables +
          "ALTER TABLE t DISABLE TRIGGER x; ALTER TABLE a2 ENABLE TRIGGER x; ALTER TABLE a1 "
          "ENABLE REPLICA TRIGGER y");
  arrives_and_comes_back(
      tables + "ALTER TABLE ONLY a1 ENABLE ALWAYS TRIGGER x",
      tables + "ALTER TABLE t DISABLE TRIGGER x; ALTER TABLE ONLY a1 ENABLE ALWAYS TRIGGER x");
  arrives_and_comes_back("CREATE SCHEMA s", tables + "ALTER TABLE a2 DISABLE TRIGGER x");
}

TEST(DiffInPlace, a_generated_column_that_is_plain_and_of_another_type) {
  const std::string both = "CREATE TYPE e AS ENUM ('x', 'y');";
  arrives_and_comes_back(both +
                             "CREATE TABLE t (a int, b text GENERATED ALWAYS AS (CASE WHEN a > 0 "
                             "THEN 'x' ELSE 'y' END) STORED)",
                         both + "CREATE TABLE t (a int, b e DEFAULT 'x')");
}

TEST(DiffInPlace, a_default_that_calls_what_reads_another_column) {
  arrives_and_comes_back(
      "CREATE TABLE t (k int)",
      "CREATE TABLE t (k int, a int, b text GENERATED ALWAYS AS (a::text) STORED); CREATE FUNCTION "
      "f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t WHERE b = 'x'; END; "
      "ALTER TABLE t ALTER COLUMN a SET DEFAULT f()");
}

}  // namespace
}  // namespace steward::test
