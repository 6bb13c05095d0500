// Tables of random schemas, each column in a place of its own: plain, unlogged, inherited, typed,
// partitioned three deep.
#include "test/cluster/support/schemas.h"

namespace steward::test {
namespace {

std::string storage(Dice& dice) {
  return dice.maybe(15, " WITH (fillfactor = " + dice.pick({"50", "70"}) + ")") +
         dice.maybe(6, " TABLESPACE regress_space");
}

// A default that mostly fits: the server refuses the others.
std::string fixed_value(Dice& dice) {
  return " DEFAULT " +
         dice.pick({"1", "1", "'x'", "'ok'", "'ok'::app.mood", "'{}'", "now()", "app.twice(3)",
                    "'2020-01-01'", "NULL", "nextval('app.numbers')", "CURRENT_USER",
                    "app.shout('a')", "ROW(1, 'a')::app.pair", "7.5", "'ok'::text"});
}

std::string computed(Dice& dice) {
  return " GENERATED ALWAYS AS (" +
         dice.pick({"a + 1", "app.twice(a)", "upper(b)", "a * 2", "length(b)", "(a)::text",
                    "d::text || 'x'", "coalesce(a, 0)"}) +
         ") STORED";
}

std::string identity(Dice& dice) {
  return " GENERATED " + dice.pick({"ALWAYS", "BY DEFAULT"}) + " AS IDENTITY" +
         dice.maybe(40, " (" +
                            dice.pick({"START 10", "INCREMENT 5", "MINVALUE -5 START 3",
                                       "CACHE 4 CYCLE", "SEQUENCE NAME app.made_up"}) +
                            ")");
}

std::string value_of(Dice& dice) {
  switch (dice.below(10)) {
    case 0:
      return computed(dice);
    case 1:
      return identity(dice);
    case 2:
    case 3:
    case 4:
      return fixed_value(dice);
    default:
      return "";
  }
}

std::string type_of(Dice& dice, char column) {
  switch (column) {
    case 'a':
      return dice.pick({"integer", "integer", "bigint", "smallint", "numeric(10,2)", "app.amount"});
    case 'b':
      return dice.pick({"text", "text", "varchar(20)", "varchar(40)", "app.word", "public.citext",
                        "character(3)"});
    case 'c':
      return dice.pick({"date", "timestamptz", "timestamp(3)", "time", "interval day to second"});
    case 'd':
      return dice.pick(
          {"app.mood", "app.mood", "app.mood[]", "\"Odd Room\".\"Tint\"", "text", "app.words"});
    case 'e':
      return dice.pick({"jsonb",
                        "json",
                        "uuid",
                        "bytea",
                        "text[]",
                        "integer[]",
                        "int4range",
                        "point",
                        "tsvector",
                        "bit(4)",
                        "inet",
                        "name",
                        "double precision",
                        "app.pair",
                        "app.span",
                        "app.nested[]",
                        "hstore",
                        "app.words[]",
                        "money",
                        "xml"});
    default:
      return dice.pick({"integer", "text", "boolean", "serial", "bigserial", "varchar", "numeric",
                        "app.pair", "oid", "\"char\""});
  }
}

bool has_collation(const std::string& type) {
  return type == "text" || type.starts_with("varchar") || type == "app.word" || type == "text[]";
}

std::string column(Dice& dice, const std::string& table, const char* name, char letter) {
  const std::string type = type_of(dice, letter);
  return "ALTER TABLE " + table + " ADD COLUMN " + name + " " + type +
         (has_collation(type)
              ? dice.maybe(12, " COLLATE " + dice.pick({"app.sorted", "\"C\"", "\"POSIX\""}))
              : "") +
         value_of(dice) + dice.maybe(25, " NOT NULL");
}

void add_columns(Slots& slots, const std::string& table) {
  struct Named {
    const char* name;
    char letter;
    int presence;
  };
  for (const Named one : {Named{"a", 'a', 90}, Named{"b", 'b', 90}, Named{"c", 'c', 65},
                          Named{"d", 'd', 75}, Named{"e", 'e', 60}, Named{"\"F f\"", 'f', 60}})
    slots.add("column", one.presence,
              [=](Dice& dice) { return column(dice, table, one.name, one.letter); });
  slots.add("column attribute", 45, [=](Dice& dice) {
    return "ALTER TABLE " + table + " ALTER COLUMN " + dice.pick({"a", "b", "d", "e"}) + " " +
           dice.pick({"SET STATISTICS 500", "SET STORAGE EXTERNAL", "SET STORAGE MAIN",
                      "SET COMPRESSION lz4", "SET COMPRESSION pglz", "SET (n_distinct = 5)",
                      "SET (n_distinct_inherited = -0.5)", "SET STATISTICS 0"});
  });
}

void add_plain(Slots& slots) {
  for (const char* table : {"app.alpha", "public.beta", "\"Odd Room\".\"Gamma x\"", "app.delta"}) {
    slots.add("table", 92, [=](Dice& dice) {
      return "CREATE " + dice.maybe(10, "UNLOGGED ") + "TABLE " + table + " ()" + storage(dice);
    });
    add_columns(slots, table);
  }
  slots.add("table option", 40, [](Dice& dice) {
    return "ALTER TABLE app.alpha SET (" +
           dice.pick({"autovacuum_enabled = false", "toast_tuple_target = 4000",
                      "toast.autovacuum_enabled = false",
                      "parallel_workers = 3, user_catalog_table = true"}) +
           ")";
  });
}

void add_heirs(Slots& slots) {
  slots.add("inherited table", 70, [](Dice& dice) {
    return "CREATE TABLE app.heir (" +
           dice.pick(
               {"own integer", "own integer, a integer", "own text DEFAULT 'q', b text NOT NULL"}) +
           ") INHERITS (" +
           dice.pick({"app.alpha", "app.alpha", "public.beta", "app.alpha, app.delta"}) + ")";
  });
  slots.add("inherited table", 40, [](Dice& dice) {
    return "CREATE TABLE app.late (LIKE app.alpha INCLUDING " +
           dice.pick({"DEFAULTS", "ALL", "GENERATED"}) +
           "); ALTER TABLE app.late INHERIT app.alpha";
  });
  slots.add("inherited default", 35, [](Dice& dice) {
    return "ALTER TABLE app.heir ALTER COLUMN " +
           dice.pick({"a SET DEFAULT 99", "b SET DEFAULT 'heir'", "a SET NOT NULL"});
  });
  slots.add("inherited table", 35, [](Dice& dice) {
    return "CREATE TABLE app.grandchild () INHERITS (app.heir" + dice.maybe(20, ", public.beta") +
           ")";
  });
  slots.add("typed table", 55, [](Dice& dice) {
    return "CREATE TABLE app.typed OF app.pair" +
           dice.maybe(
               50, " (" + dice.pick({"x WITH OPTIONS NOT NULL", "x DEFAULT 5", "PRIMARY KEY (x)"}) +
                       ")");
  });
}

// log: by range of time, then by list, then by hash.
void add_partitions(Slots& slots) {
  slots.add("partitioned table", 88, [](Dice& dice) {
    return "CREATE TABLE app.log (at date NOT NULL, region text, n integer" +
           dice.maybe(50, " DEFAULT 4") + dice.maybe(30, ", extra app.mood") +
           dice.maybe(20, ", CHECK (n > 0)") + ") PARTITION BY " +
           dice.pick({"RANGE (at)", "RANGE (at)", "RANGE (at, n)", "RANGE (at)"});
  });
  slots.add("partition", 75, [](Dice& dice) {
    return "CREATE TABLE app.log_old PARTITION OF app.log" + dice.maybe(30, " (n DEFAULT 8)") +
           " FOR VALUES FROM (MINVALUE) TO ('" + dice.pick({"2020-01-01", "2021-01-01"}) + "')";
  });
  slots.add("partition", 75, [](Dice& dice) {
    return "CREATE TABLE app.log_new PARTITION OF app.log FOR VALUES FROM ('2021-01-01') TO "
           "(MAXVALUE) PARTITION BY " +
           dice.pick({"LIST (region)", "LIST (region)", "LIST (upper(region))", "HASH (region)"});
  });
  slots.add("partition", 70, [](Dice& dice) {
    return "CREATE TABLE app.\"log EU\" PARTITION OF app.log_new FOR VALUES IN (" +
           dice.pick({"'de', 'fr'", "'de'", "'DE'"}) + ")" +
           dice.maybe(60, " PARTITION BY HASH (n)");
  });
  slots.add("partition", 50, [](Dice& dice) {
    return "CREATE TABLE app.log_rest (region text, at date NOT NULL, n integer" +
           dice.maybe(40, " DEFAULT 4") + dice.maybe(50, ", extra app.mood") +
           "); ALTER TABLE app.log_new ATTACH PARTITION app.log_rest DEFAULT";
  });
  for (const char* part : {"0", "1"})
    slots.add("partition", 60, [=](Dice& dice) {
      return std::string("CREATE TABLE app.log_eu_") + part +
             " PARTITION OF app.\"log EU\" FOR VALUES WITH (MODULUS 2, REMAINDER " + part + ")" +
             storage(dice);
    });
  slots.add("partition", 35,
            [](Dice&) { return "CREATE TABLE app.log_default PARTITION OF app.log DEFAULT"; });
  slots.add("column", 30, [](Dice& dice) {
    return "ALTER TABLE app.log ADD COLUMN late " +
           dice.pick({"integer DEFAULT 3", "text", "app.amount NOT NULL DEFAULT 2"});
  });
}

}  // namespace

void add_tables(Slots& slots) {
  add_plain(slots);
  add_heirs(slots);
  add_partitions(slots);
  slots.add("sequence owner", 40, [](Dice& dice) {
    return "ALTER SEQUENCE " + dice.pick({"app.numbers", "public.\"Numbers 2\""}) + " OWNED BY " +
           dice.pick({"public.beta.a", "app.alpha.a", "app.delta.\"F f\""});
  });
}

}  // namespace steward::test
