// Types that change while columns, arrays, rows, ranges and functions have values of them.
#include <gtest/gtest.h>

#include "test/cluster/support/pairs.h"

namespace steward::test {
namespace {

struct Case {
  const char* name;
  const char* from;
  const char* to;
  const char* both;  // what stands on it, in either schema
  const char* rows = "";
};

class DiffTypes : public testing::TestWithParam<Case> {};

TEST_P(DiffTypes, arrive_and_come_back) {
  const Case& one = GetParam();
  arrives_and_comes_back(std::string(one.from) + one.both, std::string(one.to) + one.both,
                         one.rows);
}

constexpr Case cases[] = {
    {"an_attribute_that_a_view_was_compiled_against", "CREATE TYPE c AS (x int, y int);",
     "CREATE TYPE c AS (x bigint, y varchar(3));",
     "CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT "
     "f(NULL::c) AS q;"},
    {"an_attribute_of_rows_inside_of_rows", "CREATE TYPE c AS (x int);",
     "CREATE TYPE c AS (x text);", "CREATE TYPE d AS (v c, w c[]); CREATE TABLE t (a d);",
     "INSERT INTO t VALUES ('(\"(1)\",\"{(2)}\")')"},
    {"a_check_of_a_domain_inside_of_arrays", "CREATE DOMAIN d AS int;",
     "CREATE DOMAIN d AS int CONSTRAINT p CHECK (VALUE > 0);", "CREATE TABLE t (a d[]);",
     "INSERT INTO t VALUES ('{1,2}')"},
    {"a_domain_not_null_inside_of_rows", "CREATE DOMAIN d AS int;",
     "CREATE DOMAIN d AS int NOT NULL;", "CREATE TYPE c AS (x d); CREATE TABLE t (a c);"},
    {"a_check_that_calls_what_is_made_again",
     "CREATE FUNCTION ok(x int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > 0';",
     "CREATE FUNCTION ok(y int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > 0';",
     "CREATE DOMAIN d AS int CHECK (ok(VALUE)); CREATE TABLE t (a d, b d[]); CREATE DOMAIN e AS "
     "d;"},
    {"a_domains_default_that_calls_what_is_made_again",
     "CREATE FUNCTION f(x int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1';",
     "CREATE FUNCTION f(y int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1';",
     "CREATE DOMAIN d AS int DEFAULT f(3); CREATE TABLE t (a d);"},
    {"an_enum_that_becomes_a_domain", "CREATE TYPE s AS ENUM ('a', 'b');",
     "CREATE DOMAIN s AS text CHECK (VALUE IN ('a', 'b'));",
     "CREATE TABLE t (x s DEFAULT 'a', y s[]);", "INSERT INTO t VALUES ('a', '{b}')"},
    {"a_range_of_an_enum_that_loses_a_value", "CREATE TYPE e AS ENUM ('a', 'b', 'c');",
     "CREATE TYPE e AS ENUM ('b', 'a');",
     "CREATE TYPE er AS RANGE (SUBTYPE = e); CREATE TABLE t (x er, y er_multirange);"},
    {"a_range_under_another_name_of_its_multirange", "CREATE TYPE r AS RANGE (SUBTYPE = int);",
     "CREATE TYPE r AS RANGE (SUBTYPE = int, MULTIRANGE_TYPE_NAME = rm);",
     "CREATE TABLE t (a r CHECK (a @> 1), CHECK (r(1, 2) <> a));",
     "INSERT INTO t VALUES ('[1,9)')"},
    {"the_rows_of_a_view_as_a_columns_values", "CREATE VIEW v AS SELECT 1 AS x, 2 AS y;",
     "CREATE VIEW v AS SELECT 2 AS y;", "CREATE TABLE t (id int, a v, b v[]);"},
    {"the_rows_of_a_table_whose_column_changes_inside_of_rows",
     "CREATE TABLE a (id int, n varchar(5));", "CREATE TABLE a (id bigint, n text);",
     "CREATE TABLE b (x a, y a[]); CREATE VIEW v AS SELECT x FROM b; CREATE TABLE c (z b);",
     "INSERT INTO b VALUES (ROW(1, 'x')::a, ARRAY[ROW(2, 'y')::a]); INSERT INTO c VALUES "
     "(ROW(ROW(1, 'q'), NULL)::b)"},
    {"the_rows_of_a_table_that_gets_a_computed_column", "CREATE TABLE a (id int);",
     "CREATE TABLE a (id int, g int GENERATED ALWAYS AS (id + 1) STORED);",
     "CREATE TABLE b (x a, y a[]);"},
    {"a_function_with_a_parsed_body_over_rows_whose_column_changes",
     "CREATE TABLE a (id int, b text);", "CREATE TABLE a (id bigint, b text);",
     "CREATE FUNCTION f(r a) RETURNS text LANGUAGE sql STABLE RETURN (r).b; CREATE VIEW v AS "
     "SELECT "
     "f(x) AS f FROM a AS x;"},
    {"a_column_from_one_composite_to_another",
     "CREATE TYPE c AS (x int); CREATE TYPE d AS (y int); CREATE TABLE t (a c, b int);",
     "CREATE TYPE c AS (x int); CREATE TYPE d AS (y int); CREATE TABLE t (a d, b c);", ""},
    {"an_enum_inside_of_rows_that_no_longer_have_it",
     "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TYPE c AS (x int, y text);",
     "CREATE TYPE e AS ENUM ('b', 'c'); CREATE TYPE c AS (y text, m e);",
     "CREATE TYPE n AS (p c); CREATE TABLE t (v c[]);"},
    {"a_column_from_rows_to_one_character",
     "CREATE TYPE c AS (x int); CREATE TABLE t (a c, b \"char\");",
     "CREATE TYPE c AS (x int); CREATE TABLE t (a \"char\", b c);", ""},
    {"a_column_between_domains_that_do_not_cast",
     "CREATE DOMAIN d AS boolean; CREATE DOMAIN e AS date; CREATE TABLE t (a d, b e, c e[]);",
     "CREATE DOMAIN d AS boolean; CREATE DOMAIN e AS date; CREATE TABLE t (a e, b d, c date[]);",
     ""},
};

INSTANTIATE_TEST_SUITE_P(, DiffTypes, testing::ValuesIn(cases),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace steward::test
