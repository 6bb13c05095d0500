// Schemas, extensions, collations, types, domains and sequences of random schemas.
#include "test/cluster/support/schemas.h"

namespace steward::test {
namespace {

std::string quoted(const std::vector<std::string>& words) {
  return "'" + joined(words, "', '") + "'";
}

std::string enum_labels(Dice& dice) {
  std::vector<std::string> labels =
      dice.some({"sad", "ok", "it''s fine", "happy", "Überglücklich"});
  if (dice.chance(15) && labels.size() > 1) std::swap(labels.front(), labels.back());
  return quoted(labels);
}

void add_spaces(Slots& slots) {
  slots.add("schema", 98, [](Dice&) { return "CREATE SCHEMA app"; });
  slots.add("schema", 80, [](Dice&) { return "CREATE SCHEMA \"Odd Room\""; });
  for (const char* name : {"citext", "pg_trgm", "btree_gist", "hstore"})
    slots.add("extension", 70, [name](Dice& dice) {
      return "CREATE EXTENSION " + std::string(name) + " SCHEMA " +
             dice.pick({"public", "public", "app"});
    });
  slots.add("collation", 70, [](Dice& dice) {
    return "CREATE COLLATION app.sorted (" +
           dice.pick({"provider = icu, locale = 'de-u-co-phonebk'", "provider = icu, locale = 'sv'",
                      "locale = 'C'", "provider = icu, locale = 'und', deterministic = false"}) +
           ")";
  });
}

void add_named_types(Slots& slots) {
  slots.add("enum", 90,
            [](Dice& dice) { return "CREATE TYPE app.mood AS ENUM (" + enum_labels(dice) + ")"; });
  slots.add("enum", 70, [](Dice& dice) {
    return "CREATE TYPE \"Odd Room\".\"Tint\" AS ENUM (" +
           quoted(dice.some({"red", "green", "blue"})) + ")";
  });
  slots.add("domain", 85, [](Dice& dice) {
    return "CREATE DOMAIN app.amount AS " +
           dice.pick({"integer", "integer", "bigint", "numeric(12,2)"}) +
           dice.maybe(40, " DEFAULT 7") + dice.maybe(20, " NOT NULL") +
           dice.maybe(60, " CONSTRAINT positive CHECK (VALUE >= " + dice.pick({"0", "1"}) + ")");
  });
  slots.add("domain constraint", 40, [](Dice& dice) {
    return "ALTER DOMAIN app.amount ADD CONSTRAINT \"not Huge\" CHECK (VALUE < 1000000)" +
           dice.maybe(40, " NOT VALID");
  });
  slots.add("domain", 80, [](Dice& dice) {
    return "CREATE DOMAIN app.word AS " + dice.pick({"text", "varchar(30)", "public.citext"}) +
           dice.maybe(20, " COLLATE app.sorted") + dice.maybe(40, " DEFAULT 'none'") +
           dice.maybe(50, " CHECK (length(VALUE) < 100)");
  });
  slots.add("domain", 60, [](Dice& dice) {
    return "CREATE DOMAIN app.words AS " + dice.pick({"text[]", "app.word", "app.mood"}) +
           dice.maybe(30, " NOT NULL");
  });
}

void add_made_types(Slots& slots) {
  slots.add("composite", 85, [](Dice& dice) {
    const std::string attributes = joined(
        dice.some({"x integer", "y text", "m app.mood", "w app.word", "\"Z z\" numeric(6,2)"}),
        ", ");
    return "CREATE TYPE app.pair AS (" + attributes + ")";
  });
  slots.add("composite", 60, [](Dice& dice) {
    return "CREATE TYPE app.nested AS (" +
           joined(dice.some({"p app.pair", "q app.pair[]", "n integer", "t text COLLATE \"C\""}),
                  ", ") +
           ")";
  });
  slots.add("range", 75, [](Dice& dice) {
    return "CREATE TYPE app.span AS RANGE (SUBTYPE = " +
           dice.pick({"double precision, SUBTYPE_DIFF = float8mi", "double precision",
                      "text, COLLATION = \"C\"", "app.amount",
                      "timestamptz, MULTIRANGE_TYPE_NAME = app.spans"}) +
           ")";
  });
}

void add_base_types(Slots& slots) {
  slots.add("base type", 50, [](Dice& dice) {
    const std::string size = dice.pick({"2", "4"});
    return "CREATE TYPE app.tiny; CREATE FUNCTION app.tiny_in(cstring) RETURNS app.tiny LANGUAGE "
           "internal IMMUTABLE STRICT AS 'int" +
           size +
           "in'; CREATE FUNCTION app.tiny_out(app.tiny) RETURNS cstring LANGUAGE internal "
           "IMMUTABLE STRICT AS 'int" +
           size + "out'; CREATE TYPE app.tiny (INPUT = app.tiny_in, OUTPUT = app.tiny_out, " +
           "INTERNALLENGTH = " + size + ", PASSEDBYVALUE, ALIGNMENT = int" + size +
           dice.maybe(30, ", DEFAULT = '7'") + dice.maybe(30, ", CATEGORY = 'N'") + ")";
  });
  slots.add("shell type", 30, [](Dice&) { return "CREATE TYPE app.empty"; });
  slots.add("function", 40, [](Dice&) {
    return "CREATE FUNCTION app.size(app.tiny) RETURNS integer LANGUAGE sql RETURN 1";
  });
  slots.add("composite", 30, [](Dice&) { return "CREATE TYPE app.tinies AS (a app.tiny)"; });
  slots.add("table", 30, [](Dice& dice) {
    return "CREATE TABLE app.holder (a app.tiny" + dice.maybe(50, " DEFAULT '3'") +
           ", b app.tiny[])";
  });
}

std::string sequence(Dice& dice, const char* name) {
  return "CREATE " + dice.maybe(10, "UNLOGGED ") + "SEQUENCE " + std::string(name) +
         dice.maybe(30, " AS " + dice.pick({"smallint", "integer"})) +
         dice.maybe(30, " INCREMENT " + dice.pick({"2", "-1", "10"})) +
         dice.maybe(20, " MINVALUE -100") + dice.maybe(20, " MAXVALUE 20000") +
         dice.maybe(20, " START -5") + dice.maybe(20, " CACHE 5") + dice.maybe(20, " CYCLE");
}

}  // namespace

void add_types(Slots& slots) {
  add_spaces(slots);
  add_named_types(slots);
  add_made_types(slots);
  add_base_types(slots);
  for (const char* name : {"app.numbers", "public.\"Numbers 2\"", "app.loose"})
    slots.add("sequence", 75, [name](Dice& dice) { return sequence(dice, name); });
}

}  // namespace steward::test
