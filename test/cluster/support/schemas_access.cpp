// Owners, privileges, default privileges and comments of random schemas.
#include "test/cluster/support/schemas.h"

namespace steward::test {
namespace {

// As ALTER and COMMENT ON name them, and what GRANT calls them; empty: not grantable, or not owned.
struct Named {
  const char* object;
  const char* grant;
  bool owned;
};

constexpr Named objects[] = {
    {"SCHEMA app", "SCHEMA app", true},
    {"TABLE app.alpha", "TABLE app.alpha", true},
    {"TABLE public.beta", "TABLE public.beta", true},
    {"TABLE \"Odd Room\".\"Gamma x\"", "TABLE \"Odd Room\".\"Gamma x\"", true},
    {"TABLE app.log", "TABLE app.log", true},
    {"TABLE app.log_old", "TABLE app.log_old", true},
    {"VIEW app.v1", "TABLE app.v1", true},
    {"MATERIALIZED VIEW app.m1", "TABLE app.m1", true},
    {"FOREIGN TABLE app.distant", "TABLE app.distant", true},
    {"SEQUENCE app.numbers", "SEQUENCE app.numbers", true},
    {"SEQUENCE app.loose", "SEQUENCE app.loose", true},
    {"FUNCTION app.twice(integer)", "FUNCTION app.twice(integer)", true},
    {"FUNCTION app.watch()", "FUNCTION app.watch()", true},
    {"PROCEDURE app.fill(integer)", "PROCEDURE app.fill(integer)", true},
    {"AGGREGATE app.total(integer)", "FUNCTION app.total(integer)", true},
    {"TYPE app.mood", "TYPE app.mood", true},
    {"TYPE app.pair", "TYPE app.pair", true},
    {"TYPE app.span", "TYPE app.span", true},
    {"DOMAIN app.amount", "DOMAIN app.amount", true},
    {"COLLATION app.sorted", "", true},
    {"STATISTICS app.stat_a", "", true},
    {"OPERATOR app.<~> (integer, integer)", "", true},
    {"OPERATOR CLASS app.ordering USING btree", "", true},
    {"OPERATOR FAMILY app.kin USING btree", "", true},
    {"CONVERSION app.turn", "", true},
    {"TEXT SEARCH DICTIONARY app.words_of", "", true},
    {"TEXT SEARCH CONFIGURATION app.\"Find\"", "", true},
    {"TEXT SEARCH PARSER app.cut", "", false},
    {"TEXT SEARCH TEMPLATE app.plain", "", false},
    {"LANGUAGE speech", "LANGUAGE speech", true},
    {"FOREIGN DATA WRAPPER far", "FOREIGN DATA WRAPPER far", false},
    {"SERVER away", "FOREIGN SERVER away", true},
    {"PUBLICATION news", "", true},
    {"EVENT TRIGGER \"On ddl\"", "", false},
    {"ACCESS METHOD pile", "", false},
    {"EXTENSION citext", "", false},
    {"CAST (app.pair AS text)", "", false},
    {"TRANSFORM FOR integer LANGUAGE plpgsql", "", false},
    {"TRIGGER t1 ON app.alpha", "", false},
    {"RULE r1 ON app.delta", "", false},
    {"POLICY mine ON app.alpha", "", false},
    {"CONSTRAINT first ON app.alpha", "", false},
    {"CONSTRAINT positive ON DOMAIN app.amount", "", false},
    {"CONSTRAINT points ON public.beta", "", false},
    {"INDEX app.by_a1", "", false},
    {"INDEX app.alpha_pkey", "", false},
    {"INDEX app.by_m", "", false},
    {"COLUMN app.alpha.a", "", false},
    {"COLUMN public.beta.b", "", false},
    {"COLUMN app.v1.a", "", false},
    {"COLUMN app.m1.b", "", false},
    {"COLUMN app.distant.a", "", false},
    {"COLUMN app.pair.x", "", false},
};

void add_owners(Slots& slots) {
  for (const Named& named : objects)
    if (named.owned)
      slots.add("owner", 22, [=](Dice& dice) {
        return std::string("ALTER ") + named.object + " OWNER TO " +
               dice.pick({"regress_ann", "regress_bob", "\"regress Ed\""});
      });
}

void add_comments(Slots& slots) {
  for (const Named& named : objects)
    slots.add("comment", 35, [=](Dice& dice) {
      return std::string("COMMENT ON ") + named.object + " IS '" +
             dice.pick({"about it", "it''s about\nit", "more; -- about $$ it"}) + "'";
    });
}

void add_grants(Slots& slots) {
  for (const Named& named : objects) {
    if (*named.grant == '\0') continue;
    slots.add("grant", 30, [=](Dice& dice) {
      const std::string what =
          dice.pick({"ALL", "ALL", "SELECT", "SELECT, INSERT", "USAGE", "EXECUTE", "CREATE"});
      return "GRANT " + what + " ON " + named.grant + " TO " +
             dice.pick({"regress_ann", "regress_bob", "PUBLIC", "\"regress Ed\", regress_ann"}) +
             dice.maybe(20, " WITH GRANT OPTION");
    });
    slots.add("revoke", 12, [=](Dice& dice) {
      return std::string("REVOKE ALL ON ") + named.grant + " FROM " +
             dice.pick({"PUBLIC", "postgres", "regress_ann"});
    });
  }
  for (const char* table : {"app.alpha", "public.beta", "app.v1", "app.log"})
    slots.add("column grant", 30, [=](Dice& dice) {
      return "GRANT " +
             dice.pick({"SELECT (a)", "SELECT (a, b)", "UPDATE (b), SELECT (a)", "INSERT (n)",
                        "ALL (b)"}) +
             " ON " + table + " TO " + dice.pick({"regress_ann", "PUBLIC"}) +
             dice.maybe(20, " WITH GRANT OPTION");
    });
}

// Given by one who was allowed to give it on.
void add_passed_on(Slots& slots) {
  for (const char* object : {"TABLE app.alpha", "FUNCTION app.twice(integer)", "SCHEMA app"})
    slots.add("grant by another", 20, [=](Dice& dice) {
      return "SET LOCAL ROLE regress_ann; GRANT " + dice.pick({"SELECT", "EXECUTE", "USAGE"}) +
             " ON " + object + " TO " + dice.pick({"regress_bob", "\"regress Ed\""});
    });
}

void add_defaults(Slots& slots) {
  for (const char* where : {"", " IN SCHEMA app", " FOR ROLE regress_ann"})
    for (const char* what : {"TABLES", "SEQUENCES", "FUNCTIONS", "TYPES"})
      slots.add("default privileges", 15, [=](Dice& dice) {
        const std::string prefix = std::string("ALTER DEFAULT PRIVILEGES") + where;
        if (dice.chance(25)) return prefix + " REVOKE ALL ON " + what + " FROM PUBLIC";
        return prefix + " GRANT " + dice.pick({"ALL", "ALL", "USAGE", "SELECT", "EXECUTE"}) +
               " ON " + what + " TO " + dice.pick({"regress_ann", "PUBLIC"}) +
               dice.maybe(20, " WITH GRANT OPTION");
      });
}

// On what came with the server or an extension, and what goes with one.
void add_initial(Slots& slots) {
  for (int n = 0; n < 2; ++n) {
    slots.add("system privilege", 40, [](Dice& dice) {
      return dice.pick(
          {"REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC",
           "GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) TO regress_ann WITH GRANT "
           "OPTION",
           "GRANT SELECT, UPDATE (rolname) ON pg_catalog.pg_authid TO regress_bob",
           "GRANT SELECT (rolname) ON pg_catalog.pg_authid TO regress_bob, regress_ann",
           "REVOKE SELECT ON pg_catalog.pg_tables FROM PUBLIC"});
    });
    slots.add("member privilege", 40, [](Dice& dice) {
      return dice.pick({"REVOKE EXECUTE ON FUNCTION public.similarity(text, text) FROM PUBLIC",
                        "GRANT EXECUTE ON FUNCTION public.similarity(text, text) TO regress_bob",
                        "REVOKE USAGE ON TYPE public.hstore FROM PUBLIC"});
    });
    slots.add("tie", 30, [](Dice& dice) {
      return "ALTER " +
             dice.pick({"FUNCTION app.twice(integer)", "FUNCTION app.watch()",
                        "MATERIALIZED VIEW app.m1"}) +
             " DEPENDS ON EXTENSION " + dice.pick({"hstore", "pg_trgm"});
    });
  }
}

}  // namespace

void add_access(Slots& slots) {
  add_owners(slots);
  add_grants(slots);
  add_passed_on(slots);
  add_initial(slots);
  add_comments(slots);
  add_defaults(slots);
}

}  // namespace steward::test
