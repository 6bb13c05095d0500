#include "runner/safety/knowledge.h"

#include <algorithm>
#include <set>
#include <utility>

#include "runner/safety/tree.h"

namespace steward::safety {
namespace {

template <class Items>
auto* named(Items& items, const std::string& name) {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

bool has(const std::vector<std::string>& words, const std::string& one) {
  return std::find(words.begin(), words.end(), one) != words.end();
}

char kind_of(const std::string& contype) {
  if (contype == "CONSTR_PRIMARY") return 'p';
  if (contype == "CONSTR_UNIQUE") return 'u';
  if (contype == "CONSTR_FOREIGN") return 'f';
  return contype == "CONSTR_EXCLUSION" ? 'x' : 'c';
}

const char* suffix_of(char kind) {
  switch (kind) {
    case 'p':
      return "pkey";
    case 'u':
      return "key";
    case 'f':
      return "fkey";
    case 'x':
      return "excl";
    default:
      return "check";
  }
}

bool is_constraint(const Json& node) {
  static constexpr std::array<std::string_view, 5> kinds{
      "CONSTR_PRIMARY", "CONSTR_UNIQUE", "CONSTR_FOREIGN", "CONSTR_CHECK", "CONSTR_EXCLUSION"};
  return contains(kinds, word(node, "contype"));
}

void add_constraint(Table& table, Constraint constraint) {
  if (constraint.kind == 'p')
    for (Column& column : table.columns)
      if (has(constraint.columns, column.name)) column.not_null = true;
  if (constraint.kind == 'p' || constraint.kind == 'u' || constraint.kind == 'x') {
    if (Index* index = named(table.indexes, constraint.name))
      index->of_constraint = true;
    else
      table.indexes.push_back({constraint.name, constraint.columns, true, true});
  }
  table.constraints.push_back(std::move(constraint));
}

void add_column(Table& table, const Json& node, const std::string& relation) {
  Column column{word(node, "colname"), type_in(member(node, "typeName")), false};
  std::vector<Constraint> constraints;
  for (const Json& item : list(node, "constraints")) {
    const Json& constraint = content(item);
    const std::string kind = word(constraint, "contype");
    if (kind == "CONSTR_NOTNULL" || kind == "CONSTR_IDENTITY") column.not_null = true;
    if (is_constraint(constraint))
      constraints.push_back(constraint_in(constraint, relation, column.name));
  }
  table.columns.push_back(std::move(column));
  for (Constraint& constraint : constraints) add_constraint(table, std::move(constraint));
}

Index index_in(const Json& node, const std::string& relation) {
  Index index{word(node, "idxname"), {}, true, false};
  for (const Json& item : list(node, "indexParams")) {
    const Json& element = content(item);
    if (element.contains("name")) index.columns.push_back(word(element, "name"));
    for (const std::string& column : columns_in(member(element, "expr")))
      index.columns.push_back(column);
  }
  for (const std::string& column : columns_in(member(node, "whereClause")))
    index.columns.push_back(column);
  if (index.name.empty()) index.name = default_name(relation, index.columns, "idx");
  return index;
}

void rename_in(std::vector<std::string>& names, const std::string& from, const std::string& to) {
  std::replace(names.begin(), names.end(), from, to);
}

void rename_column(Table& table, const std::string& from, const std::string& to) {
  if (Column* column = named(table.columns, from)) column->name = to;
  for (Constraint& constraint : table.constraints) {
    rename_in(constraint.columns, from, to);
    rename_in(constraint.mentions, from, to);
  }
  for (Index& index : table.indexes) rename_in(index.columns, from, to);
}

void drop_column(Table& table, const std::string& name) {
  std::erase_if(table.columns, [&](const Column& column) { return column.name == name; });
  std::erase_if(table.indexes, [&](const Index& index) { return has(index.columns, name); });
  std::erase_if(table.constraints, [&](const Constraint& constraint) {
    return has(constraint.columns, name) || has(constraint.mentions, name);
  });
}

Volatility declared_volatility(const Json& node) {
  for (const Json& item : list(node, "options")) {
    const Json& option = content(item);
    if (word(option, "defname") == "volatility")
      return word(member(member(option, "arg"), "String"), "sval") == "volatile"
                 ? Volatility::volatile_
                 : Volatility::stable;
  }
  return Volatility::volatile_;
}

}  // namespace

std::string default_name(const std::string& relation, const std::vector<std::string>& columns,
                         const std::string& suffix) {
  std::string name = relation.substr(relation.rfind('.') + 1);
  for (const std::string& column : columns) name += "_" + column;
  return name.substr(0, 62 - suffix.size()) + "_" + suffix;
}

Constraint constraint_in(const Json& node, const std::string& relation, const std::string& column) {
  Constraint made;
  made.name = word(node, "conname");
  made.kind = kind_of(word(node, "contype"));
  made.validated = !flag(node, "skip_validation");
  if (made.kind == 'f') made.references = plain(name_in(member(node, "pktable")));
  if (made.kind == 'c') {
    made.columns = proven_not_null(member(node, "raw_expr"));
    made.mentions = columns_in(member(node, "raw_expr"));
  } else {
    made.columns = words_of(list(node, made.kind == 'f' ? "fk_attrs" : "keys"));
  }
  if (made.kind != 'c' && made.columns.empty() && !column.empty()) made.columns.push_back(column);
  if (!made.name.empty()) return made;
  std::vector<std::string> parts = made.columns;
  // A CHECK is named after its column, or the only one that it names.
  if (made.kind == 'c') {
    const std::set<std::string> named(made.mentions.begin(), made.mentions.end());
    parts = {named.begin(), named.end()};
    if (!column.empty()) parts = {column};
    if (parts.size() > 1) parts.clear();
  }
  if (made.kind == 'p') parts.clear();
  made.name = default_name(relation, parts, suffix_of(made.kind));
  return made;
}

const Column* Table::column(const std::string& name) const {
  return named(columns, name);
}
const Constraint* Table::constraint(const std::string& name) const {
  return named(constraints, name);
}
const Index* Table::index(const std::string& name) const {
  return named(indexes, name);
}

bool Table::is_indexed(const std::string& column) const {
  return std::any_of(indexes.begin(), indexes.end(),
                     [&](const Index& index) { return has(index.columns, column); });
}

bool Table::is_proven_not_null(const std::string& name) const {
  const Column* found = column(name);
  if (found != nullptr && found->not_null) return true;
  return std::any_of(constraints.begin(), constraints.end(), [&](const Constraint& constraint) {
    return constraint.kind == 'c' && constraint.validated && has(constraint.columns, name);
  });
}

bool Table::is_checked(const std::string& name) const {
  return std::any_of(constraints.begin(), constraints.end(), [&](const Constraint& constraint) {
    return constraint.kind == 'c' && has(constraint.mentions, name);
  });
}

const Table* Knowledge::find(const std::string& relation) const {
  const auto found = tables.find(relation);
  return found == tables.end() ? nullptr : &found->second;
}

std::string Knowledge::table_of_index(const std::string& index) const {
  const std::string last = index.substr(index.rfind('.') + 1);
  for (const auto& [name, table] : tables)
    if (table.index(last) != nullptr) return name;
  return {};
}

std::vector<std::string> Knowledge::tables_with_type(const std::string& type) const {
  std::vector<std::string> found;
  for (const auto& [name, table] : tables)
    if (std::any_of(table.columns.begin(), table.columns.end(),
                    [&](const Column& column) { return column.type.name == type; }))
      found.push_back(name);
  return found;
}

std::vector<std::string> Knowledge::tables_referencing(const std::string& relation) const {
  std::vector<std::string> found;
  for (const auto& [name, table] : tables)
    for (const Constraint& constraint : table.constraints)
      if (constraint.references == relation && name != relation && !has(found, name))
        found.push_back(name);
  return found;
}

bool Knowledge::is_new_or_empty(const std::string& relation) const {
  const Table* table = find(relation);
  return table != nullptr && (table->created || (table->rows && *table->rows == 0));
}

bool Knowledge::is_constrained_domain(const Type& type) const {
  const auto found = domains.find(type.name);
  return found != domains.end() && found->second.constrained;
}

Type Knowledge::resolved(Type type) const {
  const auto found = domains.find(type.name);
  if (found == domains.end() || found->second.constrained || type.array) return type;
  return found->second.base;
}

Volatility Knowledge::volatility(const Json& expression) const {
  Volatility worst = volatility_in(expression);
  if (worst != Volatility::unknown) return worst;
  worst = Volatility::constant;
  for (const std::string& name : functions_in(expression)) {
    const auto found = functions.find(name);
    worst = std::max(worst, found == functions.end() ? volatility_of(name) : found->second);
  }
  return worst;
}

void Knowledge::settle() {
  for (auto& [name, table] : tables) table.created = false;
  for (auto& [name, is_new] : enums) is_new = false;
}

void Knowledge::attach(const std::string& parent, const std::string& partition, bool is_default) {
  tables[partition].parent = parent;
  Table& above = tables[parent];
  if (!has(above.partitions, partition)) above.partitions.push_back(partition);
  if (is_default) above.default_partition = partition;
}

void Knowledge::create(const Action& action) {
  const Json& node = *action.node;
  if (flag(node, "if_not_exists") && find(action.relation) != nullptr) return;
  Table table;
  table.created = true;
  table.complete = action.what == What::create_table && list(node, "inhRelations").empty();
  if (node.contains("partspec")) table.kind = 'p';
  for (const Json& element : list(node, "tableElts")) {
    if (element.contains("ColumnDef")) add_column(table, element["ColumnDef"], action.relation);
    if (element.contains("TableLikeClause")) table.complete = false;
  }
  for (const Json& element : list(node, "tableElts"))
    if (element.contains("Constraint"))
      add_constraint(table, constraint_in(element["Constraint"], action.relation));
  if (action.what == What::create_view) table.kind = 'v';
  if (word(node, "objtype") == "OBJECT_MATVIEW") table.kind = 'm';
  tables[action.relation] = std::move(table);
  if (action.what == What::create_partition)
    for (const Json& parent : list(node, "inhRelations"))
      attach(plain(name_in(content(parent))), action.relation,
             flag(member(node, "partbound"), "is_default"));
}

void Knowledge::apply_rename(const Action& action) {
  const Json& node = *action.node;
  const std::string kind = word(node, "renameType"), to = word(node, "newname");
  const auto found = tables.find(action.relation);
  if (kind == "OBJECT_TYPE")
    if (auto type = enums.extract(action.object)) {
      type.key() = to;
      enums.insert(std::move(type));
    }
  if (kind == "OBJECT_INDEX") {
    const auto table = tables.find(table_of_index(action.relation));
    if (table != tables.end()) named(table->second.indexes, action.relation)->name = to;
    return;
  }
  if (found == tables.end()) return;
  if (kind == "OBJECT_COLUMN") rename_column(found->second, action.object, to);
  if (kind == "OBJECT_TABCONSTRAINT")
    if (Constraint* constraint = named(found->second.constraints, action.object))
      constraint->name = to;
  if (kind != "OBJECT_TABLE") return;
  const std::size_t dot = action.relation.rfind('.');
  const std::string name = dot == std::string::npos ? to : action.relation.substr(0, dot + 1) + to;
  auto moved = tables.extract(found);
  moved.key() = name;
  tables.insert(std::move(moved));
}

void Knowledge::apply_to(Table& table, const Action& action) {
  Column* column = named(table.columns, action.object);
  switch (action.what) {
    case What::add_column:
      if (column == nullptr) add_column(table, *action.node, action.relation);
      break;
    case What::drop_column:
      drop_column(table, action.object);
      break;
    case What::alter_type:
      if (column != nullptr) column->type = type_in(member(*action.node, "typeName"));
      break;
    case What::set_not_null:
      if (column != nullptr) column->not_null = true;
      break;
    case What::drop_not_null:
      if (column != nullptr) column->not_null = false;
      break;
    case What::add_constraint:
      add_constraint(table, constraint_in(*action.node, action.relation));
      break;
    case What::drop_constraint:
      std::erase_if(table.constraints,
                    [&](const Constraint& one) { return one.name == action.object; });
      break;
    case What::validate_constraint:
      if (Constraint* constraint = named(table.constraints, action.object))
        constraint->validated = true;
      break;
    case What::create_index:
      table.indexes.push_back(index_in(*action.node, action.relation));
      break;
    default:
      break;
  }
}

void Knowledge::apply_drop(const Action& action) {
  if (action.what == What::drop_index) {
    const auto table = tables.find(table_of_index(action.object));
    if (table != tables.end())
      std::erase_if(table->second.indexes,
                    [&](const Index& index) { return index.name == action.object; });
  } else if (action.what == What::drop_type) {
    enums.erase(action.object);
    domains.erase(action.object);
  } else {
    tables.erase(action.relation);
  }
}

void Knowledge::apply(const Action& action) {
  switch (action.what) {
    case What::create_table:
    case What::create_partition:
    case What::create_table_as:
    case What::create_view:
      return create(action);
    case What::drop_table:
    case What::drop_view:
    case What::drop_index:
    case What::drop_type:
      return apply_drop(action);
    case What::rename:
      return apply_rename(action);
    case What::create_domain:
      domains[action.object] = {type_in(member(*action.node, "typeName")),
                                !list(*action.node, "constraints").empty()};
      return;
    case What::alter_domain:
      domains[action.object].constrained = true;
      return;
    case What::create_function:
      functions[action.object] = declared_volatility(*action.node);
      return;
    case What::create_enum:
      enums[action.object] = true;
      return;
    case What::attach_partition:
      return attach(action.relation, action.object,
                    flag(member(*action.node, "bound"), "is_default"));
    default:
      break;
  }
  // Of a table whose creation was not seen, what is added to it is remembered all the same.
  if (!action.relation.empty()) apply_to(tables[action.relation], action);
}

}  // namespace steward::safety
