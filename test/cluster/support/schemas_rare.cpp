// What is rarely written: foreign tables, operators and their classes, casts, text search,
// conversions, transforms, languages, access methods.
#include "test/cluster/support/schemas.h"

namespace steward::test {
namespace {

void add_operators(Slots& slots) {
  slots.add("function", 80, [](Dice& dice) {
    return "CREATE FUNCTION app.near(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE " +
           dice.pick({"RETURN abs($1 - $2) < 2", "AS 'SELECT abs($1 - $2) < 3'"});
  });
  slots.add("operator", 70, [](Dice& dice) {
    return "CREATE OPERATOR app.<~> (FUNCTION = app.near, LEFTARG = integer, RIGHTARG = integer" +
           dice.maybe(40, ", COMMUTATOR = OPERATOR(app.<~>)") +
           dice.maybe(30, ", NEGATOR = OPERATOR(app.<!~>)") + dice.maybe(30, ", RESTRICT = eqsel") +
           dice.maybe(20, ", JOIN = eqjoinsel") + dice.maybe(10, ", HASHES, MERGES") + ")";
  });
  slots.add("operator", 40, [](Dice&) {
    return "CREATE OPERATOR app.!! (FUNCTION = app.twice, RIGHTARG = integer)";
  });
  slots.add("view", 40, [](Dice&) {
    return "CREATE VIEW app.close_by AS SELECT a FROM public.beta WHERE a OPERATOR(app.<~>) 5";
  });
  slots.add("function", 70, [](Dice&) {
    return "CREATE FUNCTION app.compare(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE "
           "RETURN btint4cmp($1, $2)";
  });
  slots.add("operator family", 40, [](Dice& dice) {
    return "CREATE OPERATOR FAMILY app.kin USING " + dice.pick({"btree", "hash"});
  });
  slots.add("operator class", 45, [](Dice& dice) {
    return "CREATE OPERATOR CLASS app.ordering FOR TYPE integer USING btree" +
           dice.maybe(40, " FAMILY app.kin") +
           " AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 "
           "app.compare(integer, integer)";
  });
  slots.add("operator family", 30, [](Dice& dice) {
    return "ALTER OPERATOR FAMILY app.kin USING btree ADD " +
           dice.pick({"OPERATOR 1 < (integer, bigint)",
                      "FUNCTION 1 (integer, bigint) btint48cmp(integer, bigint)"});
  });
  slots.add("index", 40,
            [](Dice&) { return "CREATE INDEX by_class ON public.beta (a app.ordering)"; });
}

void add_casts(Slots& slots) {
  slots.add("function", 70, [](Dice&) {
    return "CREATE FUNCTION app.to_text(app.pair) RETURNS text LANGUAGE sql IMMUTABLE RETURN "
           "'pair'";
  });
  slots.add("cast", 60, [](Dice& dice) {
    return "CREATE CAST (app.pair AS text) WITH " +
           dice.pick({"FUNCTION app.to_text(app.pair)", "INOUT AS ASSIGNMENT",
                      "FUNCTION app.to_text(app.pair) AS IMPLICIT"});
  });
  slots.add("cast", 30, [](Dice&) { return "CREATE CAST (bigint AS app.mood) WITH INOUT"; });
  slots.add("conversion", 30, [](Dice& dice) {
    return "CREATE " + dice.maybe(30, "DEFAULT ") +
           "CONVERSION app.turn FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8";
  });
  slots.add("language", 35, [](Dice& dice) {
    return "CREATE " + dice.maybe(50, "TRUSTED ") +
           "LANGUAGE speech HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler" +
           dice.maybe(50, " VALIDATOR plpgsql_validator");
  });
  slots.add("function", 35, [](Dice&) {
    return "CREATE FUNCTION app.spoken() RETURNS integer LANGUAGE speech AS 'BEGIN RETURN 1; END'";
  });
  slots.add("function", 35, [](Dice&) {
    return "CREATE FUNCTION app.change(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS "
           "'pg_ddl_command_recv'";
  });
  slots.add("transform", 30, [](Dice&) {
    return "CREATE TRANSFORM FOR integer LANGUAGE plpgsql (FROM SQL WITH FUNCTION "
           "app.change(internal))";
  });
  slots.add("access method", 35, [](Dice&) {
    return "CREATE ACCESS METHOD pile TYPE TABLE HANDLER heap_tableam_handler";
  });
  slots.add("table", 35, [](Dice&) { return "CREATE TABLE app.piled (a integer) USING pile"; });
}

void add_text_search(Slots& slots) {
  slots.add("text search template", 40, [](Dice&) {
    return "CREATE TEXT SEARCH TEMPLATE app.plain (INIT = dsimple_init, LEXIZE = dsimple_lexize)";
  });
  slots.add("text search dictionary", 60, [](Dice& dice) {
    return "CREATE TEXT SEARCH DICTIONARY app.words_of (TEMPLATE = " +
           dice.pick({"pg_catalog.simple", "pg_catalog.simple, STOPWORDS = english",
                      "app.plain, Accept = false", "snowball, LANGUAGE = german"}) +
           ")";
  });
  slots.add("text search parser", 30, [](Dice& dice) {
    return "CREATE TEXT SEARCH PARSER app.cut (START = prsd_start, GETTOKEN = prsd_nexttoken, END "
           "= prsd_end, LEXTYPES = prsd_lextype" +
           dice.maybe(50, ", HEADLINE = prsd_headline") + ")";
  });
  slots.add("text search configuration", 60, [](Dice& dice) {
    return "CREATE TEXT SEARCH CONFIGURATION app.\"Find\" (PARSER = " +
           dice.pick({"pg_catalog.\"default\"", "app.cut"}) + ")";
  });
  slots.add("text search mapping", 60, [](Dice& dice) {
    return "ALTER TEXT SEARCH CONFIGURATION app.\"Find\" ADD MAPPING FOR " +
           dice.pick({"word, asciiword", "asciiword"}) + " WITH " +
           dice.pick({"app.words_of, simple", "simple"});
  });
  slots.add("index", 40, [](Dice&) {
    return "CREATE INDEX by_words ON app.alpha USING gin (to_tsvector('app.\"Find\"', b))";
  });
}

}  // namespace

void add_foreign(Slots& slots) {
  slots.add("foreign data wrapper", 75, [](Dice& dice) {
    return "CREATE FOREIGN DATA WRAPPER far" +
           dice.maybe(40, " VALIDATOR postgresql_fdw_validator") +
           dice.maybe(30, " OPTIONS (host 'nowhere')");
  });
  slots.add("server", 75, [](Dice& dice) {
    return "CREATE SERVER away" + dice.maybe(30, " TYPE 'x'") +
           dice.maybe(30, " VERSION '" + dice.pick({"1", "2"}) + "'") +
           " FOREIGN DATA WRAPPER far" +
           dice.maybe(40, " OPTIONS (host 'a', port '" + dice.pick({"1", "2"}) + "')");
  });
  slots.add("user mapping", 50, [](Dice& dice) {
    return "CREATE USER MAPPING FOR " + dice.pick({"regress_ann", "PUBLIC", "\"regress Ed\""}) +
           " SERVER away" + dice.maybe(50, " OPTIONS (user '" + dice.pick({"u", "v"}) + "')");
  });
  slots.add("foreign table", 65, [](Dice& dice) {
    return "CREATE FOREIGN TABLE app.distant (a integer" +
           dice.maybe(30, " OPTIONS (column_name 'x')") + dice.maybe(50, " NOT NULL") +
           dice.maybe(50, ", b text DEFAULT 'far'") + dice.maybe(30, ", m app.mood") +
           dice.maybe(30, ", CHECK (a > 0)") + ") SERVER away" +
           dice.maybe(40, " OPTIONS (table_name '" + dice.pick({"y", "z"}) + "')");
  });
  slots.add("foreign partition", 30, [](Dice&) {
    return "CREATE FOREIGN TABLE app.log_far PARTITION OF app.log FOR VALUES FROM ('2020-06-01') "
           "TO ('2020-07-01') SERVER away";
  });
  slots.add("view", 30, [](Dice&) { return "CREATE VIEW app.seen AS SELECT a FROM app.distant"; });
}

void add_rare(Slots& slots) {
  add_operators(slots);
  add_casts(slots);
  add_text_search(slots);
}

}  // namespace steward::test
