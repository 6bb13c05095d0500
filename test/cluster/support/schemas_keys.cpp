// Constraints, indexes and extended statistics of random schemas.
#include "test/cluster/support/schemas.h"

namespace steward::test {
namespace {

constexpr std::initializer_list<const char*> tables = {"app.alpha", "public.beta",
                                                       "\"Odd Room\".\"Gamma x\"", "app.delta"};

std::string timing(Dice& dice) {
  return dice.maybe(25, dice.pick({" DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"}));
}

std::string check(Dice& dice) {
  return dice.pick({"a > 0", "a > 1", "length(b) > 0", "b IN ('x', 'y')", "app.twice(a) > 2",
                    "d IS NOT NULL", "b IS NULL OR a = 1", "(e IS NULL) = (a IS NULL)",
                    "d = 'ok'::app.mood", "b ~ '^[a-z]''%'", "true"});
}

void add_unique(Slots& slots, const std::string& table) {
  slots.add("primary key", 75, [=](Dice& dice) {
    return "ALTER TABLE " + table + " ADD " +
           dice.maybe(30, "CONSTRAINT \"Key of " +
                              std::string(1, table.back() == '"' ? 'g' : table.back()) + "\" ") +
           "PRIMARY KEY (" + dice.pick({"a", "a", "a", "a, b", "b"}) + ")" +
           dice.maybe(15, " INCLUDE (c)") + dice.maybe(15, " WITH (fillfactor = 60)") +
           timing(dice);
  });
  slots.add("unique", 55, [=](Dice& dice) {
    return "ALTER TABLE " + table + " ADD UNIQUE " + dice.maybe(20, "NULLS NOT DISTINCT ") + "(" +
           dice.pick({"b", "a, d", "b, c", "\"F f\""}) + ")" + timing(dice);
  });
  slots.add("exclusion", 30, [=](Dice& dice) {
    return "ALTER TABLE " + table + " ADD CONSTRAINT apart EXCLUDE USING gist (" +
           dice.pick({"a WITH =", "a WITH =, b WITH <>", "e WITH &&", "c WITH ="}) + ")" +
           dice.maybe(30, " WHERE (a > 5)") + timing(dice);
  });
}

void add_checks(Slots& slots, const std::string& table) {
  for (const char* name : {"first", "\"Second one\""})
    slots.add("check", 45, [=](Dice& dice) {
      return "ALTER TABLE " + table + " ADD CONSTRAINT " + name + " CHECK (" + check(dice) + ")" +
             dice.maybe(20, dice.pick({" NO INHERIT", " NOT VALID"}));
    });
}

void add_foreign_key(Slots& slots, const std::string& table) {
  for (const char* name : {"points", "points_too"})
    slots.add("foreign key", 55, [=](Dice& dice) {
      return "ALTER TABLE " + table + " ADD CONSTRAINT " + name + " FOREIGN KEY " +
             dice.pick({"(a) REFERENCES public.beta", "(a) REFERENCES app.alpha (a)",
                        "(b) REFERENCES \"Odd Room\".\"Gamma x\" (b)",
                        "(a) REFERENCES app.delta (a)", "(a, b) REFERENCES app.alpha",
                        "(a, d) REFERENCES app.delta (a, d)", "(\"F f\") REFERENCES public.beta"}) +
             dice.maybe(40, dice.pick({" ON DELETE CASCADE", " ON DELETE SET NULL",
                                       " ON UPDATE CASCADE ON DELETE RESTRICT", " MATCH FULL",
                                       " ON DELETE SET DEFAULT (a)"})) +
             timing(dice) + dice.maybe(15, " NOT VALID");
    });
}

std::string index_columns(Dice& dice) {
  return dice.pick({"(a)",
                    "(b)",
                    "(a, b)",
                    "(a DESC NULLS LAST)",
                    "(b COLLATE \"C\")",
                    "(b text_pattern_ops)",
                    "(lower(b))",
                    "(app.twice(a))",
                    "(d)",
                    "(c, a) INCLUDE (b)",
                    "USING hash (b)",
                    "USING brin (a)",
                    "USING gin (e)",
                    "USING gist (e)",
                    "USING gin (b gin_trgm_ops)",
                    "((e ->> 'k'))",
                    "USING brin (c) WITH (pages_per_range = 8)",
                    "(a) WITH (fillfactor = 80)",
                    "USING btree (((a + 1)), upper(b) DESC)",
                    "(b varchar_pattern_ops, (coalesce(a, 0)))"});
}

void add_indexes(Slots& slots, const std::string& table, char letter) {
  for (const char* number : {"1", "2", "3"}) {
    const std::string name = std::string("by_") + letter + number;
    slots.add("index", 55, [=](Dice& dice) {
      return "CREATE " + dice.maybe(20, "UNIQUE ") + "INDEX " + name + " ON " + table + " " +
             index_columns(dice) + dice.maybe(6, " TABLESPACE regress_space") +
             dice.maybe(20, " WHERE " + check(dice));
    });
  }
  slots.add("index mark", 25, [=](Dice& dice) {
    const std::string name = std::string("by_") + letter + "1";
    return "ALTER TABLE " + table + " " +
           dice.pick({"CLUSTER ON ", "CLUSTER ON ", "REPLICA IDENTITY USING INDEX "}) + name;
  });
  slots.add("replica identity", 15, [=](Dice& dice) {
    return "ALTER TABLE " + table + " REPLICA IDENTITY " + dice.pick({"FULL", "NOTHING"});
  });
  slots.add("statistics", 35, [=](Dice& dice) {
    return std::string("CREATE STATISTICS app.stat_") + letter +
           dice.maybe(40, " (" + dice.pick({"mcv", "ndistinct, dependencies"}) + ")") + " ON " +
           dice.pick({"a, b", "a, b, c", "(lower(b))", "a, (app.twice(a))"}) + " FROM " + table;
  });
}

void add_partitioned_keys(Slots& slots) {
  slots.add("partitioned key", 45, [](Dice& dice) {
    return "ALTER TABLE app.log ADD " +
           dice.pick({"PRIMARY KEY (at, region, n)", "UNIQUE (at, n, region)",
                      "CONSTRAINT lp PRIMARY KEY (at)"});
  });
  for (const char* name : {"log_i", "log_j"})
    slots.add("partitioned index", 50, [=](Dice& dice) {
      return std::string("CREATE INDEX ") + name + " ON " +
             dice.pick({"app.log", "app.log", "app.log_new"}) + " " +
             dice.pick(
                 {"(n)", "(region, n)", "(lower(region))", "USING brin (at)", "(n) WHERE (n > 3)"});
    });
  slots.add("partition index", 35, [](Dice& dice) {
    return "CREATE INDEX log_own ON " +
           dice.pick({"app.log_old", "app.log_eu_0", "app.\"log EU\""}) + " (n)";
  });
  slots.add("partition index", 25, [](Dice& dice) {
    return "ALTER INDEX app.log_i ATTACH PARTITION app." + dice.pick({"log_own", "log_j"});
  });
  slots.add("partition check", 30, [](Dice& dice) {
    return "ALTER TABLE " + dice.pick({"app.log", "app.log_old"}) +
           " ADD CONSTRAINT small CHECK (n < " + dice.pick({"10", "20"}) + ")";
  });
  slots.add("foreign key", 35, [](Dice& dice) {
    return "ALTER TABLE " + dice.pick({"app.log", "app.log_old"}) +
           " ADD CONSTRAINT to_beta FOREIGN KEY (n) REFERENCES public.beta (a)" +
           dice.maybe(30, " ON DELETE CASCADE");
  });
  slots.add("foreign key", 30, [](Dice&) {
    return "ALTER TABLE app.delta ADD CONSTRAINT to_log FOREIGN KEY (c, b, a) REFERENCES app.log "
           "(at, region, n)";
  });
}

}  // namespace

void add_keys(Slots& slots) {
  char letter = 'a';
  for (const char* table : tables) {
    add_unique(slots, table);
    add_checks(slots, table);
    add_indexes(slots, table, letter++);
  }
  add_partitioned_keys(slots);
  for (const char* table : tables) add_foreign_key(slots, table);
  slots.add("statistics target", 25, [](Dice& dice) {
    return "ALTER STATISTICS app.stat_a SET STATISTICS " + dice.pick({"100", "0"});
  });
  slots.add("index attribute", 25, [](Dice& dice) {
    return "ALTER INDEX app.by_a2 ALTER COLUMN 1 SET STATISTICS " + dice.pick({"100", "200"});
  });
  slots.add("heir key", 35, [](Dice& dice) {
    return "ALTER TABLE app.heir ADD " + dice.pick({"PRIMARY KEY (own)", "CHECK (own IS NOT NULL)",
                                                    "CONSTRAINT first CHECK (a > 0)"});
  });
}

}  // namespace steward::test
