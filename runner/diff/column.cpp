#include <algorithm>

#include "runner/diff/agreed.h"
#include "runner/diff/cast.h"
#include "runner/diff/held.h"
#include "runner/diff/remarks.h"
#include "runner/diff/rules.h"
#include "runner/text.h"

namespace steward::diff {
namespace {

Fact without(const Fact& column, std::initializer_list<const char*> attributes) {
  Fact bare = column;
  for (const char* attribute : attributes) bare.definition.erase(attribute);
  return bare;
}

// A column of a view as it is when nothing was said of it.
Fact silent_column(const Fact& column) {
  return without(column, {"default", "acl", "passed_on", "comment", "label", "storage",
                          "compression", "statistics", "options"});
}

// The column as it is right after it was made or inherited.
Fact bare_column(const Fact& column) {
  Fact fresh = without(column, {"storage", "statistics", "options", "acl", "passed_on", "comment",
                                "label", "server_options", "compression"});
  if (column.has("compression")) fresh.definition["compression"] = column.value("compression");
  if (column.has("server_options"))
    fresh.definition["server_options"] = column.value("server_options");
  return fresh;
}

// The id of a column of that name in another table.
std::string column_of(const std::string& table, const Fact& column) {
  return "column " + table.substr(table.find("table ") + 6) + "." + own_name(column);
}

bool comes_from_parent(const Builder& builder, const Fact& column) {
  for (const Fact* parent : kept_parents(builder, column))
    if (builder.plan.comes(parent->id) && !builder.plan.replaced.contains(parent->parent))
      return column.flag("inherited");
  return false;
}

// A new column that its table declares as well as a parent.
bool declared_beside_parent(const Builder& builder, const Fact& column) {
  return column.flag("local") && comes_from_parent(builder, column);
}

// Whether a child keeps the column that goes here: then it goes from this table alone.
bool goes_alone(const Builder& builder, const Fact& column) {
  for (const Fact* child : builder.children(builder.from, column.parent)) {
    const std::string own = column_of(child->id, column);
    if (builder.to.find(own) != nullptr && !builder.plan.goes(own) && !is_partition(*child) &&
        ties_of(builder, child->id).cut.empty())
      return true;
  }
  return false;
}

bool goes_with_ancestor(const Builder& builder, const Fact& column) {
  if (!column.flag("inherited") || column.flag("local")) return false;
  for (const Fact* parent : kept_parents(builder, column))
    if (builder.plan.goes(parent->id) && !builder.plan.replaced.contains(parent->parent) &&
        !goes_alone(builder, *builder.from.find(parent->id)))
      return true;
  return false;
}

// The columns of that name in all tables above, in one schema.
std::vector<const Fact*> ancestors(const Snapshot& snapshot, const Fact& column,
                                   const std::string& table) {
  std::vector<const Fact*> found;
  for (const std::string& parent : parents_of(snapshot, table)) {
    if (const Fact* origin = snapshot.find(column_of(parent, column))) found.push_back(origin);
    for (const Fact* more : ancestors(snapshot, column, parent)) found.push_back(more);
  }
  return found;
}

// A column inherited from a parent, where the child says otherwise. What it got depends on when it
// was made, and from whom: where any of those above says otherwise, this is said in any case.
void override_inherited(Builder& builder, const Fact& column) {
  std::vector<const Fact*> above = ancestors(builder.to, column, column.parent);
  if (above.empty()) return;
  Fact before = bare_column(column);
  const auto differ = [&](const char* attribute) {
    return std::any_of(above.begin(), above.end(),
                       [&](const Fact* origin) { return differs(*origin, column, attribute); });
  };
  if (differ("not_null")) before.definition["not_null"] = !column.flag("not_null");
  for (const Fact* origin : ancestors(builder.from, column, column.parent)) above.push_back(origin);
  for (const Fact* origin : std::vector<const Fact*>(above))
    if (const Fact* old = builder.from.find(origin->id)) above.push_back(old);
  for (const std::string attribute : {"default", "storage", "compression"})
    if (differ(attribute.c_str()) && !(attribute == "default" && column.has("generated")))
      before.definition[attribute] = "either";
  alter_column(builder, before, column);
}

// Children that have a column of that name have its type before the parent gets it.
void need_fitting(const Builder& builder, Action& action, const Fact& column) {
  for (const Fact* child : builder.descendants(builder.from, column.parent)) {
    const std::string own = column_of(child->id, column);
    if (builder.plan.goes(own))
      action.follows.push_back(own);
    else if (builder.from.find(own) != nullptr)
      action.needs.push_back(own);
  }
}

// No identity can be added along with a column of a table that has children. The rows are numbered
// as ADD COLUMN would: by a sequence that is there only meanwhile.
void add_numbered(Builder& builder, const Fact& column) {
  const std::string alter = "ALTER " + alter_target(column);
  Fact plain = column;
  plain.definition.erase("identity");
  plain.definition["default"] = "nextval('pg_temp.steward_numbers')";
  Action action = builder.creation(
      column, "CREATE TEMPORARY SEQUENCE steward_numbers;\n" + alter + " ADD COLUMN " +
                  column_definition(builder, plain) + ";\n" + alter + " ALTER COLUMN " +
                  own_name(column) + " DROP DEFAULT;\nDROP SEQUENCE pg_temp.steward_numbers");
  for (const std::string& name : names_taken(column)) std::erase(action.produces, name);
  builder.add(std::move(action));
  alter_column(builder, without(column, {"identity", "sequence"}), column);
}

// What a default calls, among the needs of its column.
bool is_called(const std::string& need) {
  return need.starts_with("function ") || need.starts_with("sequence ");
}

void set_default_later(Builder& builder, const Fact& column) {
  Action action =
      builder.remark(column, "ALTER " + alter_target(column) + " ALTER COLUMN " + own_name(column) +
                                 " SET DEFAULT " + column.text("default"));
  append(action.needs, column.needs);
  builder.add(std::move(action));
}

// Where the default calls what reads a column that goes before this one. What it calls is then let
// go of here, and not by the column.
int drop_default_first(Builder& builder, const Fact& column, Action& drop) {
  Action action = builder.remark(column, "ALTER " + alter_target(column) + " ALTER COLUMN " +
                                             own_name(column) + " DROP DEFAULT");
  action.needs.clear();
  action.rank = -rank_of(column);
  for (const std::string& need : column.needs)
    if (is_called(need)) {
      action.releases.push_back(need);
      std::erase(drop.releases, need);
    }
  return builder.add(std::move(action));
}

// Those of its table that come as well and stand before it, so that they are added in their order.
void follow_in_order(const Builder& builder, Action& action, const Fact& column) {
  const auto place = [](const Fact& one) { return one.value("position").get<int>(); };
  for (const Fact* part : builder.parts(builder.to, column.parent))
    if (part->kind == "column" && builder.plan.comes(part->id) && place(*part) < place(column))
      action.prefers.push_back(part->id);
}

}  // namespace

std::string identity_clause(const Fact& column) {
  const Json& sequence = column.value("sequence");
  std::string options = sequence_options(default_sequence(column.text("type"), sequence), sequence,
                                         column.text("type"));
  const std::string name = sequence.at("name").get<std::string>();
  return "GENERATED " + column.text("identity") + " AS IDENTITY (SEQUENCE NAME " + name +
         (options.empty() ? "" : " " + options) + ")";
}

std::vector<const Fact*> kept_parents(const Builder& builder, const Fact& column) {
  std::vector<const Fact*> found;
  const auto after = parents_of(builder.to, column.parent),
             cut = ties_of(builder, column.parent).cut;
  for (const std::string& parent : parents_of(builder.from, column.parent)) {
    if (std::find(after.begin(), after.end(), parent) == after.end() ||
        std::find(cut.begin(), cut.end(), parent) != cut.end())
      continue;
    const std::string id = column_of(parent, column);
    const Fact* fact = builder.to.find(id);
    if (fact == nullptr) fact = builder.from.find(id);
    if (fact != nullptr) found.push_back(fact);
  }
  return found;
}

namespace {

// Whether the table will declare a column by itself that it has from its parents as well.
bool will_be_local(const Builder& builder, const Fact& column) {
  const Fact* before = builder.from.find(column.id);
  if (before == nullptr || builder.plan.goes(column.id))
    return column.flag("local") || !comes_from_parent(builder, column);
  if (!before->flag("inherited") || before->flag("local")) return true;
  const auto cut = ties_of(builder, column.parent).cut;
  for (const std::string& parent : parents_of(builder.from, column.parent))
    if (std::find(cut.begin(), cut.end(), parent) == cut.end() &&
        builder.from.find(column_of(parent, column)) != nullptr)
      return false;
  return true;
}

}  // namespace

void warn_of_declaration(Builder& builder, const Fact& column) {
  if (!column.flag("inherited") || is_partition(*builder.to.find(column.parent))) return;
  if (will_be_local(builder, column) != column.flag("local"))
    builder.warn(column.id + " is declared by its table and by a parent, or by a parent only: no " +
                 "statement changes that");
}

std::string column_definition(const Builder& builder, const Fact& fact) {
  std::string text = own_name(fact) + " " + fact.text("type");
  if (fact.has("server_options")) text += " " + foreign_options({}, fact.value("server_options"));
  if (fact.has("compression")) text += " COMPRESSION " + fact.text("compression");
  if (fact.has("collation")) text += " COLLATE " + fact.text("collation");
  if (fact.has("generated"))
    text += " GENERATED ALWAYS AS (" + fact.text("generated") + ")" +
            (fact.flag("virtual") ? " VIRTUAL" : " STORED");
  else if (fact.has("identity"))
    text += " " + identity_clause(fact);
  else if (fact.has("default") && !builder.apart.contains(fact.id))
    text += " DEFAULT " + fact.text("default");
  if (fact.flag("not_null")) text += " NOT NULL";
  return text;
}

void finish_column(Builder& builder, const Fact& fact) {
  const Fact before = bare_column(fact);
  alter_column(builder, before, fact);
}

bool column_alterable(const Fact& from, const Fact& to, const Snapshot& known) {
  if (to.has("generated") && differs(from, to, "generated")) return false;
  if (from.flag("virtual") != to.flag("virtual")) return false;
  return !differs(from, to, "type") || castable(from, to, known);
}

void create_column(Builder& builder, const Fact& fact) {
  if (!fact.has("type")) {  // of a view: what was said of it
    builder.add(builder.creation(fact, ""));
    alter_column(builder, silent_column(fact), fact);
    return;
  }
  if (table_comes(builder, fact)) {
    const Fact* table = builder.to.find(fact.parent);
    if (builder.apart.contains(fact.id) && fact.has("generated")) {
      builder.add(builder.creation(
          fact, "ALTER " + alter_target(fact) + " ADD COLUMN " + column_definition(builder, fact)));
    } else if (builder.apart.contains(fact.id) && fact.has("default")) {
      set_default_later(builder, fact);
    }
    if (table->has("inherits") && !table->has("bound") && fact.flag("inherited") &&
        !fact.flag("local"))
      override_inherited(builder, fact);
    else
      finish_column(builder, fact);
    return;
  }
  if (declared_beside_parent(builder, fact)) {
    Action action = builder.creation(
        fact, "ALTER " + alter_target(fact) + " ADD COLUMN " + column_definition(builder, fact));
    // Before the parents' own: theirs are then merged with it.
    for (const Fact* parent : kept_parents(builder, fact))
      action.destroys.push_back(declared_below(parent->id));
    builder.add(std::move(action));
    finish_column(builder, fact);
    return;
  }
  if (comes_from_parent(builder, fact)) {
    Action action = builder.creation(fact, "");
    action.needs.clear();
    for (const Fact* parent : kept_parents(builder, fact)) action.needs.push_back(parent->id);
    builder.add(std::move(action));
    override_inherited(builder, fact);
    return;
  }
  if (fact.has("identity") && !builder.children(builder.to, fact.parent).empty()) {
    add_numbered(builder, fact);
  } else {
    Action action = builder.creation(
        fact, "ALTER " + alter_target(fact) + " ADD COLUMN " + column_definition(builder, fact));
    if (builder.apart.contains(fact.id) && fact.has("default")) {
      std::erase_if(action.needs, is_called);
      set_default_later(builder, fact);
    }
    need_fitting(builder, action, fact);
    need_rows(builder, action, fact);
    follow_in_order(builder, action, fact);
    action.follows.push_back(rows_of(fact.parent));
    action.follows.push_back(declared_below(fact.id));
    builder.add(std::move(action));
  }
  finish_column(builder, fact);
}

void need_rows(const Builder& builder, Action& action, const Fact& column) {
  for (const std::string& relation : row_types_of(builder.to, column))
    for (const Fact* part : builder.parts(builder.to, relation))
      if (part->kind == "column" &&
          (builder.plan.comes(part->id) || builder.plan.disturbed.contains(part->id)))
        action.needs.push_back(part->id);
}

void drop_column(Builder& builder, const Fact& fact) {
  if (builder.goes_with_parent(fact)) return;
  if (!fact.has("type")) {
    if (builder.plan.dropped.contains(fact.id) && builder.from.find(fact.parent) != nullptr)
      alter_column(builder, fact, silent_column(fact));
    return;
  }
  if (goes_with_ancestor(builder, fact)) return;
  const bool alone = goes_alone(builder, fact);
  Action action = builder.destruction(
      fact, "ALTER " + (alone ? "TABLE ONLY " + relation(fact) : alter_target(fact)) +
                " DROP COLUMN " + own_name(fact));
  if (builder.apart.contains(fact.id) && fact.has("default"))
    action.after = drop_default_first(builder, fact, action);
  if (fact.flag("inherited"))  // and it stays here when the parent's goes
    for (const Fact* parent : kept_parents(builder, fact)) action.follows.push_back(parent->id);
  if (!alone)
    for (const Fact* child : builder.descendants(builder.from, fact.parent)) {
      const Fact* column = builder.from.find(column_of(child->id, fact));
      if (column == nullptr || !builder.plan.goes(column->id)) continue;
      action.destroys.push_back(column->id);
      append(action.releases, column->needs);
    }
  for (auto at = builder.from.facts.lower_bound("sequence ");
       at != builder.from.facts.end() && at->first.starts_with("sequence "); ++at)
    if (at->second.text("owned_by") == fact.id && builder.plan.goes(at->first)) {
      append(action.destroys, names_taken(at->second));
      action.destroys.push_back(at->first);
      std::erase(action.releases, at->first);
    }
  for (const std::string& relation : row_types_of(builder.from, fact))
    action.destroys.push_back(rows_of(relation));
  if (!fact.has("generated")) action.loss = "the values of column " + fact.identity;
  builder.add(std::move(action));
}

}  // namespace steward::diff
