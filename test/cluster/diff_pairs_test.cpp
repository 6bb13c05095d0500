// Pairs of schemas that asked for more than a rule of one kind: the script of `diff` arrives, a
// second one has nothing to say, the way back comes back.
#include <gtest/gtest.h>

#include "test/cluster/support/pairs.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

struct Pair {
  const char* name;
  const char* from;
  const char* to;
};

class DiffPairs : public testing::TestWithParam<Pair> {};

TEST_P(DiffPairs, arrive_and_come_back) {
  arrives_and_comes_back(GetParam().from, GetParam().to);
}

constexpr Pair pairs[] = {
    {"a_collation_in_use",
     "CREATE COLLATION c FROM \"C\"; CREATE TABLE t (a text COLLATE c DEFAULT 'x'); CREATE INDEX i "
     "ON t (a);",
     "CREATE COLLATION c FROM \"POSIX\"; CREATE TABLE t (a text COLLATE c DEFAULT 'x'); CREATE "
     "INDEX i ON t (a);"},
    {"a_base_type_and_a_shell", "CREATE TYPE shell; CREATE TYPE other; CREATE EXTENSION hstore;",
     "CREATE TYPE other; CREATE TYPE tiny; CREATE FUNCTION tiny_in(cstring) RETURNS tiny LANGUAGE "
     "internal IMMUTABLE STRICT AS 'int2in'; CREATE FUNCTION tiny_out(tiny) RETURNS cstring "
     "LANGUAGE internal IMMUTABLE STRICT AS 'int2out'; CREATE TYPE tiny (INPUT = tiny_in, OUTPUT = "
     "tiny_out, INTERNALLENGTH = 2, PASSEDBYVALUE, ALIGNMENT = int2, DEFAULT = '7', CATEGORY = "
     "'N'); CREATE TABLE t (a tiny DEFAULT '3', b tiny[]); CREATE FUNCTION f(tiny) RETURNS int "
     "LANGUAGE sql RETURN 1; CREATE CAST (tiny AS text) WITH INOUT; CREATE TYPE pair AS (a tiny, b "
     "int); COMMENT ON TYPE tiny IS 'not large'; CREATE EXTENSION hstore;"},
    {"a_base_type_of_another_size",
     "CREATE TYPE n; CREATE FUNCTION n_in(cstring) RETURNS n LANGUAGE internal IMMUTABLE STRICT AS "
     "'int2in'; CREATE FUNCTION n_out(n) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS "
     "'int2out'; CREATE TYPE n (INPUT = n_in, OUTPUT = n_out, INTERNALLENGTH = 2, PASSEDBYVALUE, "
     "ALIGNMENT = int2); CREATE FUNCTION f(n) RETURNS int LANGUAGE sql RETURN 1;",
     "CREATE TYPE n; CREATE FUNCTION n_in(cstring) RETURNS n LANGUAGE internal IMMUTABLE STRICT AS "
     "'int4in'; CREATE FUNCTION n_out(n) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS "
     "'int4out'; CREATE TYPE n (INPUT = n_in, OUTPUT = n_out, INTERNALLENGTH = 4, PASSEDBYVALUE, "
     "ALIGNMENT = int4); CREATE FUNCTION f(n) RETURNS int LANGUAGE sql RETURN 2;"},
    {"privileges_on_what_came_with_an_extension_or_the_server",
     "CREATE EXTENSION pg_trgm; REVOKE EXECUTE ON FUNCTION similarity FROM PUBLIC; REVOKE EXECUTE "
     "ON FUNCTION pg_sleep(float) FROM PUBLIC; GRANT SELECT (rolname), UPDATE (rolname) ON "
     "pg_authid TO pg_monitor; REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;",
     "CREATE EXTENSION pg_trgm; GRANT EXECUTE ON FUNCTION similarity TO pg_monitor WITH GRANT "
     "OPTION; GRANT EXECUTE ON FUNCTION pg_read_file(text) TO pg_monitor; GRANT SELECT, UPDATE "
     "(rolname) ON pg_authid TO pg_monitor; GRANT SELECT (rolname) ON pg_authid TO "
     "pg_signal_backend; REVOKE SELECT ON pg_tables FROM PUBLIC;"},
    {"an_extension_where_default_privileges_stand",
     "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; ALTER DEFAULT PRIVILEGES "
     "IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO pg_monitor;",
     "CREATE EXTENSION pg_trgm; ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; "
     "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO pg_monitor;"},
    {"privileges_on_an_extension_that_goes",
     "CREATE EXTENSION pg_trgm; REVOKE EXECUTE ON FUNCTION similarity FROM PUBLIC;",
     "CREATE TABLE t (a int);"},
    {"what_goes_with_an_extension",
     "CREATE EXTENSION pg_trgm; CREATE EXTENSION hstore; CREATE FUNCTION f() RETURNS int LANGUAGE "
     "sql AS 'SELECT 1'; ALTER FUNCTION f() DEPENDS ON EXTENSION pg_trgm; CREATE FUNCTION g() "
     "RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION g() DEPENDS ON EXTENSION pg_trgm;",
     "CREATE EXTENSION hstore; CREATE TABLE t (a int); CREATE INDEX i ON t (a); ALTER INDEX i "
     "DEPENDS ON EXTENSION hstore; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'; "
     "ALTER FUNCTION f() DEPENDS ON EXTENSION hstore; CREATE FUNCTION g() RETURNS int LANGUAGE sql "
     "AS 'SELECT 1'; CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; ALTER MATERIALIZED VIEW m "
     "DEPENDS ON EXTENSION hstore;"},
    {"a_domain_with_arrays_and_a_domain_upon_it",
     "CREATE DOMAIN d AS varchar(10) CHECK (VALUE <> 'a'); CREATE TABLE t (a d, b d[], c d DEFAULT "
     "'y');",
     "CREATE DOMAIN d AS text NOT NULL CONSTRAINT g CHECK (VALUE <> 'b'); CREATE DOMAIN e AS d "
     "CHECK (length(VALUE) < 9); CREATE TABLE t (a d, b d[], c e DEFAULT 'y');"},
    {"an_enum_that_partitions_go_by",
     "CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE p (k e, n int) PARTITION BY LIST (k); "
     "CREATE TABLE p_a PARTITION OF p FOR VALUES IN ('a');",
     "CREATE TYPE e AS ENUM ('c', 'a'); CREATE TABLE p (k e, n int) PARTITION BY LIST (k); CREATE "
     "TABLE p_a PARTITION OF p FOR VALUES IN ('a');"},
    {"the_type_of_what_partitions_go_by",
     "CREATE TABLE p (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at); CREATE TABLE "
     "q PARTITION OF p FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (id); "
     "CREATE TABLE r PARTITION OF q FOR VALUES IN (1, 2);",
     "CREATE TABLE p (id bigint, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at); CREATE "
     "TABLE q PARTITION OF p FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST "
     "(id); CREATE TABLE r PARTITION OF q FOR VALUES IN (1, 2);"},
    {"the_type_of_an_out_parameter",
     "CREATE FUNCTION f(OUT x int, OUT y int) LANGUAGE sql AS 'SELECT 1, 2'; CREATE VIEW v AS "
     "SELECT x FROM f();",
     "CREATE FUNCTION f(OUT x int, OUT y text) LANGUAGE sql AS 'SELECT 1, ''a'''; CREATE VIEW v AS "
     "SELECT x FROM f();"},
    {"what_is_said_of_a_materialized_views_column",
     "CREATE TABLE t (a int, b text); CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;",
     "CREATE TABLE t (a int, b text); CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t; ALTER "
     "MATERIALIZED VIEW m ALTER COLUMN b SET STATISTICS 50, ALTER COLUMN b SET STORAGE EXTERNAL;"},
    {"a_sequence_whose_bounds_are_its_directions",
     "CREATE SEQUENCE s AS smallint INCREMENT -1 MINVALUE -100 MAXVALUE -1;",
     "CREATE SEQUENCE s AS integer INCREMENT 2 MINVALUE 5 START 7;"},
    {"a_server_with_its_user_mapping",
     "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE USER MAPPING "
     "FOR PUBLIC SERVER s OPTIONS (\"user\" 'u'); CREATE FOREIGN TABLE f (a int) SERVER s;",
     "CREATE TABLE t (a int);"},
    {"an_attribute_of_a_composite_in_use",
     "CREATE TYPE c AS (a text, b int); CREATE TABLE t (x c, y c[]); CREATE VIEW v AS SELECT (x).b "
     "FROM t;",
     "CREATE TYPE c AS (a text, b bigint); CREATE TABLE t (x c, y c[]); CREATE VIEW v AS SELECT "
     "(x).b FROM t;"},
    {"a_view_that_calls_with_a_default_that_comes",
     "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a'; CREATE VIEW v AS SELECT "
     "f(2);",
     "CREATE FUNCTION f(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT a'; CREATE VIEW v AS "
     "SELECT f();"},
    {"a_logged_sequence_of_a_table_that_becomes_unlogged",
     "CREATE TABLE t (a serial, b int); CREATE SEQUENCE s OWNED BY t.b;",
     "CREATE UNLOGGED TABLE t (a serial, b int); CREATE SEQUENCE s OWNED BY t.b;"},
    {"names_with_dots_and_blanks",
     "CREATE SCHEMA \"My S\"; CREATE TABLE \"My S\".\"Order.Items\" (\"a\"\"b\" int);",
     "CREATE SCHEMA \"My S\"; CREATE TABLE \"My S\".\"Order.Items\" (\"a\"\"b\" bigint NOT NULL, "
     "\"c d\" text); CREATE INDEX \"I I\" ON \"My S\".\"Order.Items\" (\"c d\");"},
    {"a_check_that_is_valid_in_partitions_only",
     "CREATE TABLE p (a int) PARTITION BY LIST (a); ALTER TABLE p ADD CONSTRAINT c CHECK (a > 0) "
     "NOT "
     "VALID; CREATE TABLE q PARTITION OF p FOR VALUES IN (1);",
     "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE q PARTITION OF p FOR VALUES IN "
     "(1); ALTER TABLE p ADD CONSTRAINT c CHECK (a > 1);"},
};

INSTANTIATE_TEST_SUITE_P(, DiffPairs, testing::ValuesIn(pairs),
                         [](const auto& one) { return std::string(one.param.name); });

// Their order says nothing, and is not compared; a new table has them as they were written.
TEST(DiffOptions, are_set_in_the_order_of_the_new_schema) {
  Project project;
  const std::string from = Server::shared().new_database(), to = Server::shared().new_database();
  run_sql(to, "CREATE TABLE t () WITH (fillfactor = 70, autovacuum_enabled = off)");
  const auto script = project.steward({"diff", "--from", from, "--to", to});
  run_sql(from, script.out);
  const char* options = "SELECT array_to_string(reloptions, ',') FROM pg_class WHERE relname = 't'";
  EXPECT_EQ(Server::shared().value(from, options), Server::shared().value(to, options));
}

}  // namespace
}  // namespace steward::test
