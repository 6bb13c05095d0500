#include "runner/safety/refine.h"

#include <algorithm>

#include "runner/safety/tree.h"

namespace steward::safety {
namespace {

void touch(Effects& effects, const std::string& relation, Lock lock, bool scans = false,
           bool rewrites = false) {
  if (relation.empty()) return;
  for (Touch& there : effects.touches)
    if (there.relation == relation) {
      there.lock = std::max(there.lock, lock);
      there.scans = there.scans || scans;
      there.rewrites = there.rewrites || rewrites;
      return;
    }
  effects.touches.push_back({relation, lock, scans, rewrites});
}

// What one action makes of its own table: reading it, writing it.
struct Work {
  bool scans = false;
  bool rewrites = false;
};

bool is_serial(const Json& column) {
  return names_serial(last_word(list(member(column, "typeName"), "names")));
}

Work of_new_column(const Json& column, const Knowledge& known) {
  Work work;
  work.rewrites = is_serial(column) || has_constraint(column, "CONSTR_IDENTITY") ||
                  is_stored(column) ||
                  known.is_constrained_domain(type_in(member(column, "typeName"))) ||
                  known.volatility(default_of(column)) >= Volatility::unknown;
  work.scans = work.rewrites || has_constraint(column, "CONSTR_CHECK") ||
               has_constraint(column, "CONSTR_UNIQUE") ||
               has_constraint(column, "CONSTR_PRIMARY") ||
               (has_constraint(column, "CONSTR_FOREIGN") && !default_of(column).empty());
  return work;
}

Work of_type_change(const Action& action, const Knowledge& known) {
  const Change change = type_change(action, known);
  const Table* table = known.find(action.relation);
  if (change >= Change::unknown) return {true, true};
  if (table == nullptr) return {false, false};
  const bool rebuilt = change == Change::reindex && table->is_indexed(action.object);
  return {rebuilt || table->is_checked(action.object), false};
}

// PRIMARY KEY USING INDEX sets NOT NULL, and reads the table for it unless that is so already.
bool sets_not_null(const Action& action, const Knowledge& known) {
  const Table* table = known.find(action.relation);
  if (word(*action.node, "contype") != "CONSTR_PRIMARY") return false;
  const Index* index = table ? table->index(word(*action.node, "indexname")) : nullptr;
  if (index == nullptr) return false;
  return !std::all_of(
      index->columns.begin(), index->columns.end(),
      [table](const std::string& column) { return table->is_proven_not_null(column); });
}

Work of_constraint(const Action& action, const Knowledge& known) {
  const bool adopts = action.node->contains("indexname");
  return {adopts ? sets_not_null(action, known) : !flag(*action.node, "skip_validation"), false};
}

Work work_of(const Statement& statement, const Action& action, const Knowledge& known) {
  switch (action.what) {
    case What::add_column:
      return of_new_column(*action.node, known);
    case What::alter_type:
      return of_type_change(action, known);
    case What::set_not_null:
      return {needs_scan_for_not_null(statement, action, known), false};
    case What::add_constraint:
      return of_constraint(action, known);
    case What::validate_constraint:
      return {true, false};
    case What::add_identity:
      return {false, false};
    case What::set_logged:
    case What::set_unlogged:
      return {true, true};
    case What::set_tablespace:
    case What::set_access_method: {
      const std::string to = word(*action.node, "name");
      const bool same = to == "pg_default" || to == "heap";
      return {!same, !same};
    }
    default:
      return {};
  }
}

// A key goes, or the primary key changes its type, and with it the foreign keys of other tables. To
// which key those are is not known here: to the primary key, most often.
bool unsettles_a_key(const Action& action, const Table& table) {
  const bool goes =
      action.cascade && (action.what == What::drop_constraint || action.what == What::drop_column);
  if (!goes && action.what != What::alter_type) return false;
  return std::any_of(
      table.constraints.begin(), table.constraints.end(), [&](const Constraint& constraint) {
        if (constraint.kind != 'p' && !(goes && constraint.kind == 'u')) return false;
        if (action.what == What::drop_constraint) return constraint.name == action.object;
        return std::find(constraint.columns.begin(), constraint.columns.end(), action.object) !=
               constraint.columns.end();
      });
}

// The other tables that an action locks, which its text does not name.
void add_others(Effects& effects, const Action& action, const Knowledge& known) {
  const Table* table = known.find(action.relation);
  const bool concurrent = flag(*action.node, "concurrent");
  if (action.what == What::drop_index)
    touch(effects, known.table_of_index(action.object),
          concurrent ? Lock::share_update_exclusive : Lock::access_exclusive);
  if (action.what == What::reindex && word(*action.node, "kind") == "REINDEX_OBJECT_INDEX")
    touch(effects, known.table_of_index(action.relation),
          effects.outside ? Lock::share_update_exclusive : Lock::share, true);
  if (action.what == What::alter_domain &&
      (word(*action.node, "subtype") == "C" || word(*action.node, "subtype") == "O") &&
      !flag(content(member(*action.node, "def")), "skip_validation"))
    for (const std::string& name : known.tables_with_type(action.object))
      touch(effects, name, Lock::share, true);
  if (action.what == What::drop_type && action.cascade)
    for (const std::string& name : known.tables_with_type(action.object))
      touch(effects, name, Lock::access_exclusive);
  if (action.what == What::create_partition)
    for (const Json& parent : list(*action.node, "inhRelations"))
      if (const Table* above = known.find(plain(name_in(content(parent)))))
        touch(effects, above->default_partition, Lock::access_exclusive, true);
  if (table == nullptr) return;
  if (action.what == What::drop_constraint)
    if (const Constraint* constraint = table->constraint(action.object))
      touch(effects, constraint->references, Lock::access_exclusive);
  if (action.what == What::validate_constraint)
    if (const Constraint* constraint = table->constraint(action.object))
      touch(effects, constraint->references, Lock::row_share, true);
  if (action.what == What::alter_type)
    for (const Constraint& constraint : table->constraints)
      if (std::find(constraint.columns.begin(), constraint.columns.end(), action.object) !=
          constraint.columns.end())
        touch(effects, constraint.references, Lock::access_exclusive);
  if (unsettles_a_key(action, *table))
    for (const std::string& other : known.tables_referencing(action.relation))
      touch(effects, other, Lock::access_exclusive);
  if (action.cascade)
    for (const std::string& other : table->dependents)
      if (known.find(other) != nullptr) touch(effects, other, Lock::access_exclusive);
  if (action.what == What::drop_table) {
    for (const Constraint& constraint : table->constraints)
      touch(effects, constraint.references, Lock::access_exclusive);
    for (const std::string& other : known.tables_referencing(action.relation))
      touch(effects, other, Lock::access_exclusive);
    touch(effects, table->parent, Lock::access_exclusive);
    if (const Table* above = known.find(table->parent))
      touch(effects, above->default_partition, Lock::access_exclusive);
  }
  if (action.what == What::attach_partition)
    touch(effects, table->default_partition, Lock::access_exclusive, true);
  if (action.what == What::detach_partition && !concurrent)
    touch(effects, table->default_partition, Lock::access_exclusive);
}

void touch_partitions(Effects& effects, const Touch& own, const Knowledge& known) {
  const Table* table = known.find(own.relation);
  if (table == nullptr) return;
  for (const std::string& partition : table->partitions) {
    touch(effects, partition, own.lock, own.scans, own.rewrites);
    touch_partitions(effects, {partition, own.lock, own.scans, own.rewrites}, known);
  }
}

// Of a statement that names relations in a list: those with ONLY.
bool is_only(const Json& node, const std::string& relation) {
  for (const char* key : {"relations", "rels"})
    for (const Json& item : list(node, key)) {
      const Json& range =
          std::string_view(key) == "rels" ? member(content(item), "relation") : content(item);
      if (plain(name_in(range)) == relation) return !flag(range, "inh");
    }
  return false;
}

// What is done to a partitioned table goes on to its partitions, unless it says ONLY.
void add_partitions(Effects& effects, const Statement& statement, const Knowledge& known) {
  static constexpr std::array<std::string_view, 3> of_one{"AlterTableStmt", "IndexStmt",
                                                          "CreateTrigStmt"};
  static constexpr std::array<std::string_view, 3> of_several{"LockStmt", "VacuumStmt",
                                                              "TruncateStmt"};
  const Action& action = statement.actions.front();
  if (action.what == What::attach_partition || action.what == What::detach_partition) return;
  const std::vector<Touch> named = effects.touches;
  if (contains(of_several, statement.kind) || action.what == What::drop_table) {
    for (const Touch& own : named)
      if (!is_only(content(*statement.tree), own.relation)) touch_partitions(effects, own, known);
    return;
  }
  if (!contains(of_one, statement.kind) || named.empty() ||
      !flag(member(content(*statement.tree), "relation"), "inh"))
    return;
  Touch own = named.front();
  // The indexes of UNIQUE and EXCLUDE: up to 17 partitions are only kept from being written to.
  const std::string kind = word(*action.node, "contype");
  const bool builds = kind == "CONSTR_UNIQUE" || kind == "CONSTR_EXCLUSION";
  if (builds && known.server.version > 0 && known.server.version < 180000) own.lock = Lock::share;
  touch_partitions(effects, own, known);
}

}  // namespace

Change type_change(const Action& action, const Knowledge& known) {
  const Json& definition = *action.node;
  const Type to = type_in(member(definition, "typeName"));
  const Table* table = known.find(action.relation);
  const Column* column = table == nullptr ? nullptr : table->column(action.object);
  if (known.is_constrained_domain(to)) return Change::rewrites;
  if (column == nullptr) return Change::unknown;
  const Json& conversion = member(definition, "raw_default");
  // USING the column itself, or the cast that would be made anyway, is no conversion.
  const bool converts = !conversion.empty() && !conversion.contains("ColumnRef") &&
                        !(conversion.contains("TypeCast") &&
                          member(conversion["TypeCast"], "arg").contains("ColumnRef") &&
                          type_in(member(conversion["TypeCast"], "typeName")) == to);
  const Change change =
      change_between(known.resolved(column->type), known.resolved(to), known.server.utc);
  if (converts) return change == Change::narrows ? Change::narrows : Change::rewrites;
  if (change == Change::free && definition.contains("collClause")) return Change::reindex;
  return change;
}

bool needs_scan_for_not_null(const Statement& statement, const Action& action,
                             const Knowledge& known) {
  const Table* table = known.find(action.relation);
  if (table == nullptr || !table->is_proven_not_null(action.object)) return true;
  const Column* column = table->column(action.object);
  if (column != nullptr && column->not_null) return false;
  // The proof must still be there when PostgreSQL looks: not dropped by the same statement.
  return std::any_of(statement.actions.begin(), statement.actions.end(), [&](const Action& other) {
    const Constraint* dropped =
        other.what == What::drop_constraint ? table->constraint(other.object) : nullptr;
    return dropped != nullptr && dropped->kind == 'c';
  });
}

Effects refined(const Statement& statement, const Knowledge& known) {
  Effects effects = statement.effects;
  if (statement.kind == "AlterTableStmt" && !effects.touches.empty()) {
    Work all;
    bool own = false;
    for (const Action& action : statement.actions) {
      if (action.what == What::alter_table_other) own = true;
      const Work work = work_of(statement, action, known);
      all.scans = all.scans || work.scans || work.rewrites;
      all.rewrites = all.rewrites || work.rewrites;
    }
    Touch& table = effects.touches.front();
    if (!own || all.scans) table.scans = all.scans;
    if (!own || all.rewrites) table.rewrites = all.rewrites;
  }
  for (const Action& action : statement.actions) add_others(effects, action, known);
  add_partitions(effects, statement, known);
  return effects;
}

}  // namespace steward::safety
