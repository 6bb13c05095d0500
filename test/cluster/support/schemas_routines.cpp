// Functions, procedures and aggregates of random schemas: those that tables use. What takes a row
// of a table comes with the views.
#include "test/cluster/support/schemas.h"

namespace steward::test {
namespace {

std::string traits(Dice& dice) {
  return dice.maybe(20, " STRICT") + dice.maybe(15, " PARALLEL SAFE") + dice.maybe(10, " COST 7") +
         dice.maybe(10, " SECURITY DEFINER") + dice.maybe(15, " SET search_path = app, pg_temp") +
         dice.maybe(5, " LEAKPROOF");
}

void add_scalars(Slots& slots) {
  slots.add("function", 92, [](Dice& dice) {
    return "CREATE FUNCTION app.twice(" +
           dice.pick({"n integer", "n integer", "integer", "m integer"}) + ") RETURNS " +
           dice.pick({"integer", "integer", "integer", "bigint"}) + " LANGUAGE sql IMMUTABLE" +
           traits(dice) + " " +
           dice.pick(
               {"RETURN $1 * 2", "AS 'SELECT $1 * 2'", "RETURN $1 + $1", "AS 'SELECT $1 + $1'"});
  });
  slots.add("function", 80, [](Dice& dice) {
    return "CREATE FUNCTION app.shout(" +
           dice.pick({"t text", "t text, times integer DEFAULT 1", "t text DEFAULT 'hey'"}) +
           ") RETURNS text LANGUAGE " +
           dice.pick({"plpgsql IMMUTABLE AS 'BEGIN RETURN upper(t); END'",
                      "sql IMMUTABLE AS 'SELECT upper($1)'",
                      "sql IMMUTABLE BEGIN ATOMIC SELECT upper(t) || app.twice(1)::text; END"});
  });
  slots.add("function", 70, [](Dice& dice) {
    return "CREATE FUNCTION app.feel(m app.mood" + dice.maybe(50, " DEFAULT 'ok'") +
           dice.maybe(30, ", t \"Odd Room\".\"Tint\" DEFAULT NULL") + ") RETURNS " +
           dice.pick({"app.mood", "text", "boolean"}) + " LANGUAGE plpgsql STABLE" + traits(dice) +
           " AS 'BEGIN RETURN NULL; END'";
  });
  slots.add("function", 60, [](Dice& dice) {
    return "CREATE FUNCTION app.feel(p app.pair, VARIADIC rest app.amount[]) RETURNS " +
           dice.pick({"SETOF app.pair", "app.pair", "app.nested"}) + " LANGUAGE sql" +
           traits(dice) + " AS 'SELECT NULL'";
  });
  slots.add("function", 60, [](Dice& dice) {
    return "CREATE FUNCTION app.parts(IN n integer, OUT half integer, OUT rest " +
           dice.pick({"integer", "text", "app.word"}) +
           ") LANGUAGE plpgsql AS $body$ BEGIN half := n / 2; END -- it's a comment\n$body$";
  });
}

void add_watch_functions(Slots& slots) {
  slots.add("function", 92, [](Dice& dice) {
    return "CREATE FUNCTION app.watch() RETURNS trigger LANGUAGE plpgsql" + traits(dice) +
           " AS 'BEGIN RETURN " + dice.pick({"NEW", "OLD", "NULL"}) + "; END'";
  });
  slots.add("function", 80, [](Dice& dice) {
    return "CREATE FUNCTION app.notice() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN " +
           dice.pick({"NULL", "PERFORM 1"}) + "; END'";
  });
}

}  // namespace

void add_routines(Slots& slots) {
  add_scalars(slots);
  add_watch_functions(slots);
  slots.add("procedure", 70, [](Dice& dice) {
    return "CREATE PROCEDURE app.tidy(" +
           dice.pick({"", "n integer", "INOUT n integer", "n app.amount DEFAULT 3"}) +
           ") LANGUAGE " +
           dice.pick({"plpgsql AS 'BEGIN NULL; END'", "sql AS 'SELECT 1'",
                      "sql BEGIN ATOMIC SELECT app.twice(2); END"});
  });
  slots.add("aggregate", 70, [](Dice& dice) {
    return "CREATE AGGREGATE app.total(" + dice.pick({"integer", "integer", "n integer"}) +
           ") (SFUNC = int4pl, STYPE = integer" + dice.maybe(50, ", INITCOND = '0'") +
           dice.maybe(30, ", COMBINEFUNC = int4pl") + dice.maybe(30, ", PARALLEL = SAFE") +
           dice.maybe(30, ", FINALFUNC = app.twice") + ")";
  });
  slots.add("aggregate", 40, [](Dice& dice) {
    return "CREATE AGGREGATE app.anything(" +
           dice.pick({"*", "ORDER BY integer", "VARIADIC \"any\""}) + ") (SFUNC = " +
           dice.pick({"int8inc, STYPE = bigint, INITCOND = '0'",
                      "ordered_set_transition, STYPE = internal"}) +
           ")";
  });
}

}  // namespace steward::test
