// Pairs of schemas for what is rarely written: the diff leads from the one to the other and back,
// as pg_dump sees it. Each was a fault once, or is of a kind that other engines leave out.
#include <gtest/gtest.h>

#include "runner/referee.h"
#include "test/cluster/support/programs.h"
#include "test/cluster/support/server.h"
#include "test/cluster/support/trial.h"

namespace steward::test {
namespace {

struct Case {
  const char* name;
  const char* both;  // what is in both schemas, before the rest
  const char* before;
  const char* after;
};

void PrintTo(const Case& one, std::ostream* stream) {
  *stream << one.name;
}

constexpr Case cases[] = {
    {"casts",
     "CREATE TYPE pair AS (x int); CREATE FUNCTION t(pair) RETURNS text LANGUAGE sql IMMUTABLE "
     "RETURN 'p'",
     "CREATE CAST (pair AS text) WITH FUNCTION t(pair)",
     "CREATE CAST (pair AS text) WITH INOUT AS ASSIGNMENT; COMMENT ON CAST (pair AS text) IS 'c'"},
    {"operators_and_what_uses_them",
     "CREATE FUNCTION near(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN abs($1 - $2) < "
     "2; CREATE TABLE a (i int)",
     "CREATE OPERATOR <~> (FUNCTION = near, LEFTARG = int, RIGHTARG = int); CREATE VIEW v AS "
     "SELECT i FROM a WHERE i <~> 3",
     "CREATE OPERATOR <~> (FUNCTION = near, LEFTARG = int, RIGHTARG = int, COMMUTATOR = <~>, "
     "RESTRICT = eqsel); CREATE VIEW v AS SELECT i FROM a WHERE i <~> 4"},
    {"operator_classes",
     "CREATE FUNCTION c(int, int) RETURNS int LANGUAGE sql IMMUTABLE RETURN btint4cmp($1, $2); "
     "CREATE TABLE a (i int)",
     "CREATE OPERATOR CLASS o FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 "
     "=, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 c(int, int); CREATE INDEX ON a (i o)",
     "CREATE OPERATOR FAMILY kin USING btree; ALTER OPERATOR FAMILY kin USING btree ADD OPERATOR 1 "
     "< (int, bigint), FUNCTION 1 (int, bigint) btint48cmp(int, bigint)"},
    {"operator_class_with_storage", "CREATE TYPE mood AS ENUM ('a')", "",
     "CREATE OPERATOR CLASS arrays DEFAULT FOR TYPE mood[] USING gin FAMILY array_ops AS FUNCTION "
     "1 enum_cmp(anyenum, anyenum), STORAGE mood"},
    {"statistics", "CREATE TABLE a (i int, j int, t text)",
     "CREATE STATISTICS s (mcv) ON i, j FROM a",
     "CREATE STATISTICS s ON i, (lower(t)) FROM a; ALTER STATISTICS s SET STATISTICS 50; COMMENT "
     "ON STATISTICS s IS 'c'"},
    {"collations", "",
     "CREATE COLLATION s (provider = icu, locale = 'de'); CREATE TABLE a (t text COLLATE s); "
     "CREATE INDEX ON a (t)",
     "CREATE COLLATION s (provider = icu, locale = 'sv', deterministic = false); CREATE TABLE a (t "
     "text COLLATE s); CREATE INDEX ON a (t)"},
    {"event_triggers", "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
     "CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION f()",
     "CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP VIEW') EXECUTE "
     "FUNCTION f(); ALTER EVENT TRIGGER e ENABLE ALWAYS"},
    {"publications",
     "CREATE SCHEMA x; CREATE TABLE a (i int PRIMARY KEY, t text); CREATE TABLE b (i int)",
     "CREATE PUBLICATION p FOR TABLE a (i), b",
     "CREATE PUBLICATION p FOR TABLE a WHERE (i > 2), TABLES IN SCHEMA x WITH (publish = 'insert', "
     "publish_via_partition_root)"},
    {"publication_of_all", "CREATE TABLE a (i int)", "CREATE PUBLICATION p FOR TABLE a",
     "CREATE PUBLICATION p FOR ALL TABLES"},
    {"text_search", "CREATE TABLE a (t text)",
     "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple); CREATE TEXT SEARCH CONFIGURATION c "
     "(PARSER = \"default\"); CREATE INDEX ON a USING gin (to_tsvector('c', t))",
     "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, Accept = false); CREATE TEXT SEARCH "
     "CONFIGURATION c (PARSER = \"default\"); "
     "ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word, asciiword WITH d, simple; CREATE "
     "INDEX ON a USING gin (to_tsvector('c', t))"},
    {"languages", "",
     "CREATE LANGUAGE l HANDLER plpgsql_call_handler; CREATE FUNCTION f() RETURNS int LANGUAGE l "
     "AS 'BEGIN RETURN 1; END'",
     "CREATE TRUSTED LANGUAGE l HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler "
     "VALIDATOR plpgsql_validator; CREATE FUNCTION f() RETURNS int LANGUAGE l AS 'BEGIN RETURN 1; "
     "END'; "
     "GRANT USAGE ON LANGUAGE l TO regress_ann"},
    {"transforms",
     "CREATE FUNCTION f(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS "
     "'pg_ddl_command_recv'",
     "", "CREATE TRANSFORM FOR int LANGUAGE plpgsql (FROM SQL WITH FUNCTION f(internal))"},
    {"row_types_as_column_types", "CREATE TABLE a (i int)", "CREATE TABLE b (whole a, more a[])",
     "ALTER TABLE a ADD COLUMN t text; CREATE TABLE b (whole a); CREATE FUNCTION f(x a) RETURNS "
     "text LANGUAGE sql RETURN (x).t"},
    {"defaults_that_need_types", "",
     "CREATE TYPE m AS ENUM ('a', 'b'); CREATE FUNCTION f(x m DEFAULT 'a') RETURNS m LANGUAGE sql "
     "RETURN x; CREATE TABLE t (x m DEFAULT f())",
     "CREATE TYPE m AS ENUM ('b', 'c'); CREATE FUNCTION f(x m DEFAULT 'c') RETURNS m LANGUAGE sql "
     "RETURN x; CREATE TABLE t (x m DEFAULT f())"},
    {"rules_and_triggers_on_views",
     "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
     "CREATE TABLE a (i int); CREATE VIEW v AS SELECT i FROM a; CREATE RULE r AS ON DELETE TO v DO "
     "INSTEAD DELETE FROM a WHERE a.i = OLD.i; CREATE TRIGGER g INSTEAD OF INSERT ON v FOR EACH "
     "ROW EXECUTE FUNCTION f()",
     "CREATE TABLE a (i bigint); CREATE VIEW v AS SELECT i FROM a; CREATE RULE r AS ON DELETE TO v "
     "DO INSTEAD DELETE FROM a WHERE a.i = OLD.i; CREATE TRIGGER g INSTEAD OF INSERT ON v FOR EACH "
     "ROW EXECUTE FUNCTION f(); "
     "ALTER VIEW v ALTER COLUMN i SET DEFAULT 3"},
    {"partitions_three_deep",
     "CREATE TABLE p (d date, r text, n int) PARTITION BY RANGE (d); CREATE TABLE p1 PARTITION OF "
     "p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY LIST (r); "
     "CREATE TABLE p2 PARTITION OF p1 FOR VALUES IN ('x') PARTITION BY HASH (n)",
     "CREATE TABLE p3 PARTITION OF p2 FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE INDEX i ON "
     "p (n)",
     "CREATE TABLE p3 PARTITION OF p2 FOR VALUES WITH (MODULUS 4, REMAINDER 1); CREATE INDEX i ON "
     "p (n, d); ALTER TABLE p ADD CHECK (n > 0); CREATE TABLE rest PARTITION OF p DEFAULT"},
    {"deferrable_keys", "",
     "CREATE TABLE a (i int PRIMARY KEY DEFERRABLE, j int UNIQUE); CREATE TABLE b (i int "
     "REFERENCES a (j) DEFERRABLE INITIALLY DEFERRED)",
     "CREATE TABLE a (i int PRIMARY KEY, j int UNIQUE NULLS NOT DISTINCT); CREATE TABLE b (i int "
     "REFERENCES a (j) ON DELETE SET NULL NOT DEFERRABLE)"},
    {"exclusion_constraints", "CREATE EXTENSION btree_gist",
     "CREATE TABLE a (i int, r int4range, EXCLUDE USING gist (r WITH &&))",
     "CREATE TABLE a (i int, r int4range, EXCLUDE USING gist (i WITH =, r WITH &&) WHERE (i > 0) "
     "DEFERRABLE)"},
    {"generated_columns_of_changed_ones", "",
     "CREATE TABLE a (i int, g int GENERATED ALWAYS AS (i * 2) STORED); CREATE INDEX ON a (g)",
     "CREATE TABLE a (i bigint, g bigint GENERATED ALWAYS AS (i * 2) STORED); CREATE INDEX ON a "
     "(g)"},
    {"privileges_on_columns", "CREATE TABLE a (i int, j int)",
     "GRANT SELECT (i), UPDATE (j) ON a TO regress_ann; GRANT SELECT ON a TO regress_bob",
     "GRANT SELECT (j) ON a TO regress_ann WITH GRANT OPTION; GRANT ALL ON a TO regress_bob"},
    {"default_privileges", "CREATE SCHEMA x",
     "ALTER DEFAULT PRIVILEGES IN SCHEMA x GRANT ALL ON FUNCTIONS TO PUBLIC; ALTER DEFAULT "
     "PRIVILEGES GRANT SELECT ON TABLES TO regress_ann",
     "ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC; CREATE FUNCTION x.f() RETURNS "
     "int LANGUAGE sql RETURN 1; GRANT EXECUTE ON FUNCTION x.f() TO PUBLIC; CREATE TABLE x.t (i "
     "int)"},
    {"new_functions_under_default_privileges",
     "CREATE SCHEMA x; ALTER DEFAULT PRIVILEGES IN SCHEMA x GRANT ALL ON FUNCTIONS TO PUBLIC", "",
     "CREATE FUNCTION x.f() RETURNS int LANGUAGE sql RETURN 1"},
    {"options_of_views", "CREATE TABLE a (i int)",
     "CREATE VIEW v WITH (security_invoker) AS SELECT i FROM a",
     "CREATE VIEW v WITH (security_barrier) AS SELECT i FROM a WHERE i > 0 WITH LOCAL CHECK "
     "OPTION"},
    {"settings_of_materialized_columns",
     "CREATE MATERIALIZED VIEW m AS SELECT 1 AS i, 'x'::text AS t",
     "ALTER MATERIALIZED VIEW m ALTER COLUMN t SET STORAGE EXTERNAL",
     "ALTER MATERIALIZED VIEW m ALTER COLUMN t SET STATISTICS 50"},
    {"replica_identity", "CREATE TABLE a (i int NOT NULL); CREATE UNIQUE INDEX u ON a (i)",
     "ALTER TABLE a REPLICA IDENTITY USING INDEX u", "ALTER TABLE a REPLICA IDENTITY FULL"},
    {"storage_parameters", "",
     "CREATE TABLE a (i int, t text) WITH (fillfactor = 50, toast.autovacuum_enabled = false); "
     "CREATE INDEX x ON a (i) WITH (fillfactor = 60)",
     "CREATE TABLE a (i int, t text COMPRESSION pglz) WITH (autovacuum_enabled = "
     "false); CREATE INDEX x ON a (i) WITH (fillfactor = 70); ALTER TABLE a ALTER t SET "
     "STORAGE EXTERNAL, ALTER t SET (n_distinct = 5)"},
    {"tablespaces", "CREATE TABLE a (i int)",
     "CREATE INDEX x ON a (i) TABLESPACE regress_space; CREATE TABLE b (i int PRIMARY KEY USING "
     "INDEX TABLESPACE regress_space)",
     "CREATE INDEX x ON a (i); CREATE TABLE b (i int PRIMARY KEY) TABLESPACE regress_space"},
    {"clustered_indexes", "CREATE TABLE a (i int PRIMARY KEY, j int); CREATE INDEX x ON a (j)",
     "CLUSTER a USING x", "CLUSTER a USING a_pkey; ALTER TABLE a ALTER i SET STATISTICS 9"},
    {"typed_tables", "",
     "CREATE TYPE p AS (x int, y text); CREATE TABLE t OF p (x NOT NULL); CREATE INDEX ON t (y)",
     "CREATE TYPE p AS (x bigint, y text, z date); CREATE TABLE t OF p (x NOT NULL)"},
    {"typed_tables_of_rebuilt_types", "",
     "CREATE DOMAIN w AS text; CREATE TYPE p AS (x w); CREATE TABLE t OF p",
     "CREATE DOMAIN w AS varchar(30); CREATE TYPE p AS (x w); CREATE TABLE t OF p"},
    {"columns_declared_beside_a_parent",
     "CREATE TABLE p (i int); CREATE TABLE c (i int); ALTER TABLE c INHERIT p", "",
     "ALTER TABLE c ADD COLUMN n int; ALTER TABLE p ADD COLUMN n int"},
    {"inherited_columns_of_rebuilt_types", "",
     "CREATE TYPE m AS ENUM ('a', 'b'); CREATE TABLE p (i int, x m) PARTITION BY LIST (i); CREATE "
     "TABLE p1 "
     "PARTITION OF p (x DEFAULT 'b') DEFAULT; CREATE TABLE q (x m); CREATE TABLE c () INHERITS (q)",
     "CREATE TYPE m AS ENUM ('b'); CREATE TABLE p (i int, x m DEFAULT 'b') PARTITION BY LIST (i); "
     "CREATE "
     "TABLE p1 PARTITION OF p DEFAULT; CREATE TABLE q (x m DEFAULT 'b'); CREATE TABLE c () "
     "INHERITS "
     "(q); ALTER TABLE c ALTER x DROP DEFAULT"},
    {"typed_tables_of_new_types", "", "CREATE TYPE m AS ENUM ('a')",
     "CREATE TYPE m AS ENUM ('b'); CREATE TYPE p AS (x m); CREATE TABLE t OF p"},
    {"partitions_of_a_rebuilt_table", "",
     "CREATE TABLE p (d date, n int) PARTITION BY RANGE (d, n); CREATE TABLE rest PARTITION OF p "
     "DEFAULT; CREATE INDEX i ON p (n)",
     "CREATE TABLE p (d date, n int) PARTITION BY RANGE (d); CREATE TABLE rest PARTITION OF p "
     "DEFAULT; CREATE INDEX i ON p (n)"},
    {"new_heirs_of_new_columns", "CREATE TABLE p ()", "",
     "ALTER TABLE p ADD COLUMN a int; CREATE TABLE c (CHECK (a > 0)) INHERITS (p)"},
    {"composites_with_another_order", "", "CREATE TYPE p AS (x int, z text); CREATE TABLE t (v p)",
     "CREATE TYPE p AS (x int, y int, z text); CREATE TABLE t (v p)"},
    {"owners_of_owned_sequences", "CREATE SEQUENCE s; CREATE TABLE a (i int)",
     "ALTER SEQUENCE s OWNED BY a.i; ALTER TABLE a OWNER TO regress_ann; GRANT USAGE ON SEQUENCE s "
     "TO regress_bob",
     "ALTER SEQUENCE s OWNED BY a.i"},
    {"sequences_that_find_an_owner",
     "CREATE SEQUENCE s; CREATE TABLE a (i int); ALTER TABLE a OWNER TO regress_bob",
     "ALTER SEQUENCE s OWNER TO regress_ann",
     "ALTER SEQUENCE s OWNER TO regress_bob; ALTER SEQUENCE s OWNED BY a.i"},
    {"sequences_of_another_type", "", "CREATE SEQUENCE s INCREMENT -1",
     "CREATE SEQUENCE s AS int INCREMENT 10"},
    {"identity_to_a_domain", "CREATE DOMAIN d AS int",
     "CREATE TABLE a (i int GENERATED ALWAYS AS IDENTITY)", "CREATE TABLE a (i d)"},
    {"output_parameters", "",
     "CREATE FUNCTION f(n int, OUT a int, OUT b int) LANGUAGE sql AS 'SELECT 1, 2'",
     "CREATE FUNCTION f(n int, OUT a int, OUT b text) LANGUAGE sql AS 'SELECT 1, 2::text'"},
    {"servers_with_mappings", "CREATE FOREIGN DATA WRAPPER w",
     "CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS "
     "(user 'u')",
     ""},
};

class Referee : public testing::TestWithParam<Case> {};

TEST_P(Referee, agrees_with_the_diff) {
  pg::Connection connection(url::parse(Server::shared().url("postgres")), "steward test");
  prepare_server(connection);
  const Case& one = GetParam();
  const auto pieces = [&](const char* rest) {
    Pieces all{{"both", one.both}};
    if (*rest != '\0') all.push_back({"rest", rest});
    if (*one.both == '\0') all.erase(all.begin());
    return all;
  };
  const Pair pair{pieces(one.before), pieces(one.after)};
  for (const Pair& way : {pair, Pair{pair.after, pair.before}}) {
    Pair built;
    const Verdict verdict = try_pair(way, &built);
    EXPECT_EQ(built.before, way.before);
    EXPECT_EQ(built.after, way.after);
    EXPECT_EQ(verdict.kind, Verdict::Kind::good) << verdict.said() << "\n" << verdict.where;
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, Referee, testing::ValuesIn(cases),
                         [](const auto& chosen) { return chosen.param.name; });

// A referee who sees nothing agrees with everybody.
TEST(RefereeItself, sees_what_the_server_keeps) {
  const std::string url = Server::shared().new_database();
  pg::Connection connection(url::parse(url), "steward test");
  const auto description = [&] {
    return referee::describe(postgres_program("pg_dump"), url::parse(url), connection);
  };
  connection.run(
      "CREATE TABLE p (i int) PARTITION BY RANGE (i); CREATE TABLE a (i int, j int); CREATE "
      "EXTENSION citext VERSION '1.5'");
  std::set<referee::Description> seen{description()};
  for (const char* change : {"CREATE INDEX ON ONLY p (i); CREATE TABLE p1 PARTITION OF p DEFAULT",
                             "ALTER TABLE a ALTER i SET STATISTICS 7",
                             "ALTER EXTENSION citext UPDATE", "COMMENT ON TABLE a IS 'x'",
                             "ALTER TABLE a OWNER TO pg_monitor", "GRANT SELECT ON a TO PUBLIC"}) {
    connection.run(change);
    EXPECT_TRUE(seen.insert(description()).second) << change;
  }
  connection.run(
      "ALTER TABLE a DROP COLUMN i, ADD COLUMN i int; ALTER TABLE a ALTER i SET STATISTICS 7");
  EXPECT_FALSE(seen.insert(description()).second) << "the order of columns says nothing";
}

}  // namespace
}  // namespace steward::test
