// Views on views, materialized views, and the routines that stand on tables.
#include "test/cluster/support/schemas.h"

namespace steward::test {
namespace {

std::string options(Dice& dice) {
  return dice.maybe(20, " WITH (" +
                            dice.pick({"security_invoker = true", "security_barrier",
                                       "security_barrier = true, security_invoker = false"}) +
                            ")");
}

std::string first_query(Dice& dice) {
  return "SELECT " +
         dice.pick({"a, b", "a, b, d", "a AS id, b", "*", "a, upper(b) AS b",
                    "a, app.twice(a) AS b", "DISTINCT a, b", "t AS row_of_it, a"}) +
         " FROM app.alpha AS t" +
         dice.maybe(40, " WHERE " + dice.pick({"a > 1", "b = 'x'", "d = 'ok'", "b IN ('p', 'q')",
                                               "c > now()"})) +
         dice.maybe(20, " ORDER BY a");
}

void add_plain_views(Slots& slots) {
  slots.add("view", 80, [](Dice& dice) {
    return "CREATE VIEW app.v1" + options(dice) + " AS " + first_query(dice) +
           dice.maybe(15, " WITH LOCAL CHECK OPTION");
  });
  slots.add("view", 70, [](Dice& dice) {
    return "CREATE VIEW app.v2" + options(dice) + " AS SELECT " +
           dice.pick({"v.a", "v.*", "count(*) AS n", "max(v.a) AS n"}) + " FROM app.v1 AS v" +
           dice.maybe(40, " JOIN public.beta USING (a)") + dice.maybe(15, " GROUP BY v.a, v.b");
  });
  slots.add("view", 60, [](Dice& dice) {
    return "CREATE VIEW public.\"View 3\" AS SELECT " +
           dice.pick({"g.a, g.b", "g.a, g.c, g.b", "g.b, count(*)"}) +
           " FROM \"Odd Room\".\"Gamma x\" AS g GROUP BY " + dice.pick({"g.a", "g.a, g.b", "g.b"});
  });
  slots.add("view", 45, [](Dice& dice) {
    return "CREATE RECURSIVE VIEW app.walk (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM app.walk "
           "WHERE n < " +
           dice.pick({"10", "app.twice(3)", "(SELECT count(*) FROM app.delta)"});
  });
  slots.add("view", 40, [](Dice& dice) {
    return "CREATE VIEW app.logged AS SELECT " + dice.pick({"at, n", "*", "region, sum(n) AS n"}) +
           " FROM app.log" + dice.maybe(40, " GROUP BY region");
  });
  slots.add("view default", 25, [](Dice& dice) {
    return "ALTER VIEW app.v1 ALTER COLUMN " + dice.pick({"a", "b"}) + " SET DEFAULT " +
           dice.pick({"5", "'v'"});
  });
}

void add_stored_views(Slots& slots) {
  slots.add("materialized view", 70, [](Dice& dice) {
    return "CREATE MATERIALIZED VIEW app.m1" + dice.maybe(20, " WITH (fillfactor = 70)") + " AS " +
           dice.pick({"SELECT a, b FROM app.alpha", "SELECT a, b, d FROM app.alpha",
                      "SELECT * FROM app.v1", "SELECT 1 AS a, 'x'::text AS b"}) +
           dice.maybe(30, " WITH NO DATA");
  });
  slots.add("materialized index", 60, [](Dice& dice) {
    return "CREATE " + dice.maybe(40, "UNIQUE ") + "INDEX by_m ON app.m1 " +
           dice.pick({"(a)", "(b, a)", "(lower(b))"});
  });
  slots.add("materialized mark", 20, [](Dice& dice) {
    return "ALTER MATERIALIZED VIEW app.m1 " +
           dice.pick({"CLUSTER ON by_m", "ALTER COLUMN b SET STATISTICS 50",
                      "SET TABLESPACE regress_space", "ALTER COLUMN b SET STORAGE EXTERNAL"});
  });
  slots.add("materialized view", 40, [](Dice& dice) {
    return "CREATE MATERIALIZED VIEW app.m2 AS SELECT " + dice.pick({"a", "max(a) AS a", "m1.*"}) +
           " FROM app.m1" + dice.maybe(50, " GROUP BY a");
  });
}

void add_row_routines(Slots& slots) {
  slots.add("function", 60, [](Dice& dice) {
    return "CREATE FUNCTION app.label(t app.alpha) RETURNS text LANGUAGE sql STABLE " +
           dice.pick({"AS 'SELECT t.b'", "RETURN (t).b", "BEGIN ATOMIC SELECT (t).b; END"});
  });
  slots.add("function", 50, [](Dice& dice) {
    return "CREATE FUNCTION app.rows() RETURNS " +
           dice.pick({"SETOF app.alpha", "SETOF app.v1", "TABLE (a integer, b text)"}) +
           " LANGUAGE sql STABLE ROWS 10 AS 'SELECT * FROM app.alpha'";
  });
  slots.add("function", 55, [](Dice& dice) {
    return "CREATE FUNCTION app.count_all() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT "
           "count(*) FROM " +
           dice.pick({"app.alpha WHERE a > 1", "app.v1", "app.m1", "app.log",
                      "app.delta WHERE b = 'x'"}) +
           "; END";
  });
  slots.add("procedure", 40, [](Dice& dice) {
    return "CREATE PROCEDURE app.fill(n integer) LANGUAGE sql BEGIN ATOMIC INSERT INTO public.beta "
           "(a) VALUES (" +
           dice.pick({"n", "app.twice(n)"}) + "); END";
  });
  slots.add("view", 50, [](Dice& dice) {
    return "CREATE VIEW app.v4 AS SELECT " +
           dice.pick({"app.count_all() AS n", "app.label(t) AS n FROM app.alpha AS t",
                      "r.a AS n FROM app.rows() AS r", "app.total(a) AS n FROM public.beta"});
  });
  slots.add("default", 35, [](Dice& dice) {
    return "ALTER TABLE app.delta ALTER COLUMN a SET DEFAULT " +
           dice.pick({"app.count_all()", "app.twice(9)", "nextval('app.loose')"});
  });
  slots.add("row column", 35, [](Dice& dice) {
    return "ALTER TABLE app.delta ADD COLUMN whole " +
           dice.pick({"public.beta", "app.alpha[]", "app.v1"});
  });
}

}  // namespace

void add_views(Slots& slots) {
  add_plain_views(slots);
  add_stored_views(slots);
  add_row_routines(slots);
}

}  // namespace steward::test
