// Triggers, rules, policies, event triggers and publications of random schemas.
#include "test/cluster/support/schemas.h"

namespace steward::test {
namespace {

std::string any_table(Dice& dice) {
  return dice.pick(
      {"app.alpha", "public.beta", "\"Odd Room\".\"Gamma x\"", "app.delta", "app.log", "app.heir"});
}

void add_triggers(Slots& slots) {
  for (const char* name : {"t1", "\"T 2\""}) {
    slots.add("trigger", 60, [=](Dice& dice) {
      return std::string("CREATE TRIGGER ") + name + " " +
             dice.pick({"BEFORE INSERT OR UPDATE", "AFTER UPDATE OF a", "AFTER UPDATE OF b, d",
                        "BEFORE DELETE", "AFTER TRUNCATE"}) +
             " ON " + any_table(dice) +
             dice.pick({" FOR EACH ROW", " FOR EACH ROW", " FOR EACH STATEMENT"}) +
             dice.maybe(30, " WHEN (" +
                                dice.pick({"NEW.a > 1", "OLD.b IS DISTINCT FROM NEW.b",
                                           "NEW.d = 'ok'", "pg_trigger_depth() = 0"}) +
                                ")") +
             " EXECUTE FUNCTION app.watch(" + dice.pick({"", "'one', 'it''s'"}) + ")";
    });
    slots.add("trigger state", 25, [=](Dice& dice) {
      return "ALTER TABLE " + any_table(dice) + " " +
             dice.pick({"DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"}) + " TRIGGER " + name;
    });
  }
  slots.add("transition trigger", 40, [](Dice& dice) {
    return "CREATE TRIGGER changes AFTER " +
           dice.pick({"INSERT ON app.alpha REFERENCING NEW TABLE AS fresh",
                      "UPDATE ON public.beta REFERENCING OLD TABLE AS old NEW TABLE AS fresh"}) +
           " EXECUTE FUNCTION app.watch()";
  });
  slots.add("constraint trigger", 40, [](Dice& dice) {
    return "CREATE CONSTRAINT TRIGGER later AFTER INSERT ON app.delta" +
           dice.maybe(30, " FROM public.beta") +
           dice.pick({"", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"}) +
           " FOR EACH ROW EXECUTE FUNCTION app.watch()";
  });
  slots.add("view trigger", 45, [](Dice& dice) {
    return "CREATE TRIGGER instead INSTEAD OF " + dice.pick({"INSERT", "UPDATE OR DELETE"}) +
           " ON app.v1 FOR EACH ROW EXECUTE FUNCTION app.watch()";
  });
}

void add_rules(Slots& slots) {
  for (const char* name : {"r1", "\"R 2\""})
    slots.add("rule", 45, [=](Dice& dice) {
      return std::string("CREATE RULE ") + name + " AS ON " +
             dice.pick({"INSERT TO app.v1 DO INSTEAD INSERT INTO public.beta (a) VALUES (NEW.a)",
                        "DELETE TO app.delta DO INSTEAD NOTHING",
                        "UPDATE TO public.beta WHERE OLD.a > 3 DO ALSO NOTIFY changed",
                        "INSERT TO app.v2 DO INSTEAD NOTHING",
                        "DELETE TO app.alpha DO ALSO DELETE FROM public.beta WHERE beta.a = OLD.a",
                        "INSERT TO app.delta DO ALSO SELECT app.twice(1)"});
    });
  slots.add("rule state", 20, [](Dice& dice) {
    return "ALTER TABLE " + dice.pick({"app.delta", "public.beta", "app.alpha"}) +
           dice.pick({" DISABLE", " ENABLE ALWAYS"}) + " RULE r1";
  });
}

void add_policies(Slots& slots) {
  for (const char* table : {"app.alpha", "public.beta", "app.log"}) {
    slots.add("row security", 55, [=](Dice& dice) {
      return "ALTER TABLE " + std::string(table) + " " + dice.pick({"ENABLE", "ENABLE", "FORCE"}) +
             " ROW LEVEL SECURITY";
    });
    for (const char* name : {"mine", "\"All of them\""})
      slots.add("policy", 40, [=](Dice& dice) {
        return std::string("CREATE POLICY ") + name + " ON " + table +
               dice.maybe(30, " AS RESTRICTIVE") + dice.pick({" FOR SELECT", "", " FOR DELETE"}) +
               dice.maybe(40, " TO " + dice.pick({"regress_ann", "regress_bob, \"regress Ed\"",
                                                  "PUBLIC"})) +
               " USING (" +
               dice.pick({"true", "a > 0", "b = current_user", "d = 'ok'", "app.twice(a) = 4",
                          "EXISTS (SELECT 1 FROM app.delta WHERE delta.a = 1)", "n > 0"}) +
               ")";
      });
    slots.add("policy", 25, [=](Dice& dice) {
      return std::string("CREATE POLICY adding ON ") + table + " FOR " +
             dice.pick({"INSERT WITH CHECK (true)", "UPDATE USING (true) WITH CHECK (a = 1)",
                        "ALL WITH CHECK (b <> '')"});
    });
  }
}

void add_events(Slots& slots) {
  slots.add("event trigger", 45, [](Dice& dice) {
    return "CREATE EVENT TRIGGER \"On ddl\" ON " +
           dice.pick({"ddl_command_end", "sql_drop", "table_rewrite",
                      "ddl_command_start WHEN TAG IN ('CREATE TABLE', 'DROP VIEW')"}) +
           " EXECUTE FUNCTION app.notice()";
  });
  slots.add("event trigger state", 20, [](Dice& dice) {
    return "ALTER EVENT TRIGGER \"On ddl\" " + dice.pick({"DISABLE", "ENABLE ALWAYS"});
  });
}

void add_publications(Slots& slots) {
  slots.add("publication", 60, [](Dice& dice) {
    return "CREATE PUBLICATION news FOR TABLE " +
           dice.pick({"app.alpha", "app.alpha (a)", "app.alpha WHERE (a > 2), public.beta",
                      "ONLY app.alpha, app.log", "public.beta (a, b)",
                      "app.delta, \"Odd Room\".\"Gamma x\" (b)"}) +
           dice.maybe(30, " WITH (publish = 'insert, update', publish_via_partition_root)");
  });
  slots.add("publication", 50, [](Dice& dice) {
    return "CREATE PUBLICATION \"All news\" " +
           dice.pick({"FOR ALL TABLES", "FOR TABLES IN SCHEMA app",
                      "FOR TABLES IN SCHEMA app, public", "",
                      "FOR TABLES IN SCHEMA app, TABLE public.beta"}) +
           dice.maybe(20, " WITH (publish = '')");
  });
}

}  // namespace

void add_watchers(Slots& slots) {
  add_triggers(slots);
  add_rules(slots);
  add_policies(slots);
  add_events(slots);
  add_publications(slots);
}

}  // namespace steward::test
