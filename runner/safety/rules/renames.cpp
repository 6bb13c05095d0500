// Rules about new names: what runs still uses the old ones.
#include "runner/safety/rule.h"

namespace steward::safety {
namespace {

bool renames(const Scene& scene, std::string_view kind) {
  return scene.is(What::rename) && word(scene.node(), "renameType") == kind;
}

std::string last(const std::string& name) {
  return name.substr(name.rfind('.') + 1);
}

// A view under the old name in the same revision goes on answering.
bool view_follows(const Scene& scene) {
  for (const Statement& statement : scene.script.statements)
    for (const Action& action : statement.actions)
      if (statement.number > scene.statement.number && action.what == What::create_view &&
          action.relation == scene.relation())
        return true;
  return false;
}

// A column under the old name that is added again does.
bool column_follows(const Scene& scene) {
  for (const Statement& statement : scene.script.statements)
    for (const Action& action : statement.actions)
      if (statement.number > scene.statement.number && action.relation == scene.relation() &&
          (action.what == What::add_column || action.what == What::rename) &&
          (action.object == scene.action.object ||
           word(*action.node, "newname") == scene.action.object))
        return true;
  return false;
}

// Nobody can be using a column that the revision itself has added.
bool is_new_column(const Scene& scene) {
  for (const Statement& statement : scene.script.statements)
    for (const Action& action : statement.actions)
      if (statement.number < scene.statement.number && action.what == What::add_column &&
          action.relation == scene.relation() && action.object == scene.action.object)
        return true;
  return false;
}

// A column that takes the place of one that the revision has dropped: who asks for that one, gets
// it.
bool takes_a_place(const Scene& scene) {
  for (const Statement& statement : scene.script.statements)
    for (const Action& action : statement.actions)
      if (statement.number < scene.statement.number && action.what == What::drop_column &&
          action.relation == scene.relation() && action.object == word(scene.node(), "newname"))
        return true;
  return false;
}

Verdict column(const Scene& scene) {
  if (!renames(scene, "OBJECT_COLUMN") || !scene.in_use()) return {};
  if (column_follows(scene) || is_new_column(scene) || takes_a_place(scene)) return {};
  const std::string from = quoted(scene.action.object);
  const std::string to = quoted(word(scene.node(), "newname"));
  return Found{column_name(scene),
               "what runs now asks for the old name and fails until all of it is replaced",
               "add the new column, keep both equal with a trigger, drop the old one later",
               "ALTER TABLE " + quoted(scene.relation()) + " ADD COLUMN " + to +
                   " ...;\n-- a trigger that keeps both equal, until no release uses " + from};
}

Verdict table(const Scene& scene) {
  if (!renames(scene, "OBJECT_TABLE") || !scene.in_use() || view_follows(scene)) return {};
  const std::string to = quoted(word(scene.node(), "newname"));
  return Found{scene.relation(),
               "what runs now asks for the old name and fails until all of it is replaced",
               "leave a view under the old name, in the same transaction",
               scene.statement.text + ";\nCREATE VIEW " + quoted(scene.relation()) +
                   " WITH (security_invoker) AS SELECT * FROM " + to + ";"};
}

Verdict schema(const Scene& scene) {
  if (!renames(scene, "OBJECT_SCHEMA")) return {};
  return Found{scene.action.object,
               "every name with the schema, and every search_path, that runs now fails",
               "make the new schema, move its objects one by one, leave views behind", ""};
}

Verdict enum_value(const Scene& scene) {
  if (!scene.is(What::enum_rename_value)) return {};
  if (const auto made = scene.known.enums.find(scene.action.object);
      made != scene.known.enums.end() && made->second)
    return {};
  return Found{scene.action.object,
               "what runs now still sends the old value, which is refused (22P02)",
               "add the new value, move the rows over, leave the old one",
               "ALTER TYPE " + quoted(scene.action.object) + " ADD VALUE '" +
                   word(scene.node(), "newVal") + "';"};
}

Verdict set_schema(const Scene& scene) {
  if (!scene.is(What::set_schema) || scene.relation().empty() || !scene.in_use()) return {};
  if (view_follows(scene)) return {};
  return Found{scene.relation(), "what runs now looks for it in the old schema",
               "leave a view under the old name, in the same transaction",
               scene.statement.text + ";\nCREATE VIEW " + quoted(scene.relation()) +
                   " WITH (security_invoker) AS SELECT * FROM " +
                   quoted(word(scene.node(), "newschema") + "." + last(scene.relation())) + ";"};
}

constexpr Rule rules[] = {
    {"rename-column", Severity::error, true, false, "a column gets another name", &column},
    {"rename-table", Severity::error, true, false, "a table gets another name", &table},
    {"rename-schema", Severity::error, true, false, "a schema gets another name", &schema},
    {"rename-enum-value", Severity::error, true, false, "an enum's value gets another name",
     &enum_value},
    {"set-schema", Severity::error, true, false, "an object moves to another schema", &set_schema},
};

}  // namespace

std::span<const Rule> rename_rules() {
  return rules;
}

}  // namespace steward::safety
