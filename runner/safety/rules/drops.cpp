// Rules about what is dropped or emptied.
#include <array>

#include "runner/safety/rule.h"

namespace steward::safety {
namespace {

std::string subject(const Scene& scene) {
  return scene.relation().empty() ? scene.action.object : scene.relation();
}

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Verdict drop_table(const Scene& scene) {
  if (!scene.is(What::drop_table) || !scene.in_use()) return {};
  const std::vector<std::string> others = scene.known.tables_referencing(scene.relation());
  const std::string aside = scene.relation().substr(scene.relation().rfind('.') + 1) + "_dropped";
  return Found{scene.relation(),
               "the table and its data are gone" +
                   (others.empty() ? std::string()
                                   : "; foreign keys of " + list_of(others) + " refer to it"),
               "rename it first and drop it when nobody has missed it",
               "ALTER TABLE " + quoted(scene.relation()) + " RENAME TO " + quoted(aside) +
                   ";\n-- in a later release\nDROP TABLE " + quoted(aside) + ";"};
}

Verdict drop_schema(const Scene& scene) {
  if (!scene.is(What::drop_schema)) return {};
  return Found{scene.action.object, "all that is in the schema is gone",
               "drop its objects one by one, so that each is seen", ""};
}

Verdict drop_database(const Scene& scene) {
  if (!scene.is(What::drop_database)) return {};
  return Found{scene.action.object, "a whole database is gone",
               "a revision changes the database it runs in; drop others by hand", ""};
}

bool is_drop(const Scene& scene) {
  static constexpr std::array<What, 9> drops{
      What::drop_table,  What::drop_view,       What::drop_type,
      What::drop_schema, What::drop_trigger,    What::drop_other,
      What::drop_column, What::drop_constraint, What::drop_index};
  for (const What what : drops)
    if (scene.is(what)) return true;
  return false;
}

Verdict drop_cascade(const Scene& scene) {
  if (!is_drop(scene) || !scene.action.cascade) return {};
  if (!scene.relation().empty() && !scene.in_use()) return {};
  return Found{subject(scene), "CASCADE drops whatever stands on it, named or not",
               "drop the dependents by name first, and leave CASCADE out", ""};
}

Verdict truncate(const Scene& scene) {
  if (!scene.is(What::truncate) || !scene.in_use()) return {};
  return Found{scene.relation(), "all rows are gone, and no trigger FOR EACH ROW sees it",
               "allow it with the reason; DELETE in batches lets others go on", ""};
}

Verdict truncate_cascade(const Scene& scene) {
  if (!scene.is(What::truncate) || !scene.action.cascade || !scene.in_use()) return {};
  const std::vector<std::string> others = scene.known.tables_referencing(scene.relation());
  return Found{scene.relation(),
               "CASCADE empties every table that refers to it" +
                   (others.empty() ? std::string() : ": " + list_of(others)),
               "name all tables in one TRUNCATE, and leave CASCADE out", ""};
}

// DROP TABLE IF EXISTS t; CREATE TABLE t.
std::vector<Found> create_force(const Review& review) {
  std::vector<Found> found;
  std::vector<std::string> dropped;
  for (const Statement& statement : review.upgrade.statements)
    for (const Action& action : statement.actions) {
      if (action.what == What::drop_table && action.if_exists) dropped.push_back(action.relation);
      if (action.what != What::create_table) continue;
      for (const std::string& name : dropped)
        if (name == action.relation)
          found.push_back({name,
                           "a table of that name, if there is one, is dropped and made anew",
                           "leave DROP TABLE IF EXISTS out: a revision knows what is there",
                           "",
                           {},
                           statement.number});
    }
  return found;
}

// A type is dropped that was an enum: its columns were converted, which writes every row.
Verdict enum_removal(const Scene& scene) {
  const bool known_enum = scene.known.enums.contains(scene.action.object);
  const bool made_here = known_enum && scene.known.enums.at(scene.action.object);
  const bool drops = scene.is(What::drop_type) && known_enum && !made_here;
  if (!drops) return {};
  return Found{scene.action.object,
               "values leave an enum only with the type: columns of it are written anew first",
               "leave the value and keep it out with a CHECK that is NOT VALID at first",
               "ALTER TABLE ... ADD CONSTRAINT ... CHECK (... <> '...') NOT VALID;"};
}

constexpr Rule table[] = {
    {"drop-table", Severity::error, true, false, "a table is dropped", &drop_table},
    {"drop-schema", Severity::error, true, false, "a schema is dropped", &drop_schema},
    {"drop-database", Severity::error, true, false, "a database is dropped", &drop_database},
    {"drop-cascade", Severity::error, true, false, "DROP ... CASCADE", &drop_cascade},
    {"truncate", Severity::error, true, false, "a table is emptied", &truncate},
    {"truncate-cascade", Severity::error, true, false, "TRUNCATE ... CASCADE", &truncate_cascade},
    {"create-table-force", Severity::warning, true, false,
     "DROP TABLE IF EXISTS before CREATE TABLE", nullptr, &create_force},
    {"enum-value-removal", Severity::error, true, false, "an enum is dropped to be made anew",
     &enum_removal},
};

}  // namespace

std::span<const Rule> drop_rules() {
  return table;
}

}  // namespace steward::safety
