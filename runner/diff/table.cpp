#include <algorithm>

#include "runner/diff/remarks.h"
#include "runner/diff/rules.h"

namespace steward::diff {
namespace {

bool inherits_only(const Fact& column) {
  return column.flag("inherited") && !column.flag("local");
}

std::vector<const Fact*> columns_of(const Builder& builder, const Fact& table) {
  std::vector<const Fact*> columns;
  for (const Fact* part : builder.parts(builder.to, table.id))
    if (part->kind == "column") columns.push_back(part);
  std::sort(columns.begin(), columns.end(), [](const Fact* a, const Fact* b) {
    return a->value("position").get<int>() < b->value("position").get<int>();
  });
  return columns;
}

std::string parent_list(const Fact& fact) {
  std::string list;
  for (const Json& parent : fact.value("inherits"))
    list += (list.empty() ? "" : ", ") + parent.get<std::string>();
  return list;
}

// One statement with what is folded into it.
class Creation {
 public:
  Creation(Builder& builder, const Fact& table)
      : builder_(builder), table_(table), action_(builder.creation(table, "")) {}

  void write() {
    add_columns();
    add_constraints();
    action_.sql = head() + body() + tail();
    for (const std::string& made : action_.produces) std::erase(action_.needs, made);
    builder_.add(std::move(action_));
  }

 private:
  void fold(const Fact& part) {
    append(action_.produces, names_taken(part));
    action_.produces.push_back(part.id);
    append(action_.needs, part.needs);
    if (part.kind == "column") need_rows(builder_, action_, part);
  }

  void add_columns() {
    const bool parents_give = table_.has("inherits") && !is_partition(table_);
    for (const Fact* column : columns_of(builder_, table_)) {
      if (builder_.apart.contains(column->id) && column->has("generated")) continue;
      if (parents_give && inherits_only(*column)) {
        action_.produces.push_back(column->id);
        need_origin(*column);
        continue;
      }
      if (table_.has("of_type")) {
        typed(*column);
        continue;
      }
      if (parents_give && column->flag("inherited")) need_origin(*column);
      lines_.push_back(column_definition(builder_, *column) +
                       (parents_give && is_given_default(*column) ? " DEFAULT NULL" : ""));
      if (builder_.apart.contains(column->id))
        action_.produces.push_back(column->id);
      else
        fold(*column);
    }
  }

  // A default that only the parent has would be taken over.
  bool is_given_default(const Fact& column) const {
    if (column.has("default") || column.has("generated") || column.has("identity")) return false;
    const auto parents = parents_of(builder_.to, table_.id);
    return std::any_of(parents.begin(), parents.end(), [&](const std::string& parent) {
      const Fact* given = builder_.to.find("column " + parent.substr(parent.find("table ") + 6) +
                                           "." + own_name(column));
      return given != nullptr && given->has("default");
    });
  }

  void need_origin(const Fact& column) {
    for (const std::string& parent : parents_of(builder_.to, table_.id))
      action_.needs.push_back("column " + parent.substr(parent.find("table ") + 6) + "." +
                              own_name(column));
  }

  // A typed table has its columns from the type.
  void typed(const Fact& column) {
    fold(column);
    std::string options;
    if (column.has("default")) options += " DEFAULT " + column.text("default");
    if (column.flag("not_null")) options += " NOT NULL";
    if (!options.empty()) lines_.push_back(own_name(column) + " WITH OPTIONS" + options);
  }

  void add_constraints() {
    for (const Fact* part : builder_.parts(builder_.to, table_.id))
      if (part->kind == "constraint" && inline_constraint(builder_, *part)) {
        lines_.push_back("CONSTRAINT " + own_name(*part) + ' ' + part->text("definition"));
        fold(*part);
      }
    if (is_partition(table_))
      for (const std::string& parent : parents_of(builder_.to, table_.id))
        for (const Fact* check : given_by(builder_, builder_.to, parent))
          if (check->text("type") == "check") {
            lines_.push_back("CONSTRAINT " + own_name(*check) + ' ' + check->text("definition"));
            append(action_.needs, check->needs);
          }
  }

  std::string head() const {
    return std::string("CREATE ") + (table_.flag("unlogged") ? "UNLOGGED " : "") + target(table_) +
           (table_.has("of_type") ? " OF " + table_.text("of_type") : "");
  }

  std::string body() const {
    if (lines_.empty()) return table_.has("of_type") ? "" : " ()";
    return " (\n  " + joined(lines_, ",\n  ") + "\n)";
  }

  std::string tail() const {
    std::string text;
    if (table_.has("inherits") && !is_partition(table_))
      text += " INHERITS (" + parent_list(table_) + ")";
    if (table_.has("partition_by")) text += " PARTITION BY " + table_.text("partition_by");
    if (table_.has("access_method")) text += " USING " + table_.text("access_method");
    if (table_.has("server")) text += " SERVER " + table_.text("server");
    const std::string foreign = foreign_options({}, table_.value("server_options"));
    if (!foreign.empty()) text += " " + foreign;
    const std::string options = option_list(table_.value("options"));
    if (!options.empty()) text += " WITH " + options;
    if (table_.has("tablespace")) text += " TABLESPACE " + table_.text("tablespace");
    return text;
  }

  Builder& builder_;
  const Fact& table_;
  Action action_;
  std::vector<std::string> lines_;
};

void set_row_security(Builder& builder, const Fact* from, const Fact& to) {
  const auto flag = [&](const char* name, const char* yes, const char* no) {
    const bool before = from != nullptr && from->flag(name), after = to.flag(name);
    if (before != after)
      builder.add(builder.remark(to, "ALTER TABLE " + to.identity + (after ? yes : no)));
  };
  flag("row_security", " ENABLE ROW LEVEL SECURITY", " DISABLE ROW LEVEL SECURITY");
  flag("force_row_security", " FORCE ROW LEVEL SECURITY", " NO FORCE ROW LEVEL SECURITY");
}

void set_replica_identity(Builder& builder, const Fact* from, const Fact& to) {
  const std::string before = from == nullptr ? "" : from->text("replica_identity");
  const std::string after = to.text("replica_identity");
  if (before == after) return;
  for (const Fact* part : builder.parts(builder.to, to.id))
    if (part->flag("replica_identity")) return;  // the index says it
  builder.add(builder.remark(to, "ALTER TABLE " + to.identity + " REPLICA IDENTITY " +
                                     (after.empty() ? "DEFAULT" : after)));
}

// It takes the sequences of its columns along; those that are not to be as it is are set back.
void change_persistence(Builder& builder, const Fact& table) {
  const auto words = [](bool unlogged) { return unlogged ? " SET UNLOGGED" : " SET LOGGED"; };
  const bool unlogged = table.flag("unlogged");
  const int changed =
      builder.add(builder.remark(table, "ALTER " + target(table) + words(unlogged)));
  const auto owned = [&](const Fact* sequence) {
    return sequence != nullptr &&
           sequence->text("owned_by").starts_with("column " + table.identity + ".");
  };
  for (auto at = builder.to.facts.lower_bound("sequence ");
       at != builder.to.facts.end() && at->second.kind == "sequence"; ++at) {
    const Fact& sequence = at->second;
    if (sequence.flag("unlogged") == unlogged ||
        !(owned(&sequence) || owned(builder.from.find(sequence.id))))
      continue;
    Action back =
        builder.remark(sequence, "ALTER " + target(sequence) + words(sequence.flag("unlogged")));
    back.after = changed;
    builder.add(std::move(back));
  }
}

}  // namespace

std::string alter_target(const Fact& part) {
  return upper(part.parent.substr(0, part.parent.size() - relation(part).size())) + relation(part);
}

bool table_comes(const Builder& builder, const Fact& part) {
  return builder.plan.comes(part.parent);
}

bool table_alterable(const Fact& from, const Fact& to, const Snapshot&) {
  return differs_only_in(
      from, to,
      {"unlogged", "bound", "inherits", "of_type", "options", "row_security", "force_row_security",
       "replica_identity", "access_method", "tablespace", "server_options"});
}

void create_table(Builder& builder, const Fact& fact) {
  Creation(builder, fact).write();
  for (const Fact* part : builder.parts(builder.to, fact.id))
    if (part->kind == "constraint" && inline_constraint(builder, *part))
      finish_constraint(builder, *part);
  if (is_partition(fact)) attach_new(builder, fact);
  set_row_security(builder, nullptr, fact);
  set_replica_identity(builder, nullptr, fact);
  remark_new(builder, fact);
}

void drop_table(Builder& builder, const Fact& fact) {
  if (is_partition(fact))
    for (const std::string& parent : parents_of(builder.from, fact.id))
      if (builder.plan.goes(parent) && builder.plan.dropped.contains(fact.id)) return;
  if (is_partition(fact)) detach_referenced(builder, fact);
  Action action = builder.destruction(fact, "DROP " + target(fact));
  const auto take_along = [&](const auto& self, const Fact& table) -> void {
    for (const Fact* part : builder.parts(builder.from, table.id)) {
      if (builder.apart.contains(part->id) && can_stand_apart(*part)) continue;
      append(action.destroys, names_taken(*part));
      action.destroys.push_back(part->id);
      append(action.releases, part->needs);
    }
    for (const Fact* child : builder.children(builder.from, table.id)) {
      if (!is_partition(*child) || !builder.plan.dropped.contains(child->id)) continue;
      append(action.destroys, names_taken(*child));
      action.destroys.push_back(child->id);
      append(action.releases, child->needs);
      self(self, *child);
    }
  };
  take_along(take_along, fact);
  // Sequences that columns own go along.
  for (auto at = builder.from.facts.lower_bound("sequence ");
       at != builder.from.facts.end() && at->first.starts_with("sequence "); ++at) {
    const Fact& sequence = at->second;
    const std::string owner = sequence.text("owned_by");
    if (!owner.empty() && builder.plan.goes(sequence.id) &&
        std::find(action.destroys.begin(), action.destroys.end(), owner) != action.destroys.end()) {
      append(action.destroys, names_taken(sequence));
      action.destroys.push_back(sequence.id);
      append(action.releases, sequence.needs);
    }
  }
  for (const std::string& gone : std::vector<std::string>(action.destroys))
    std::erase(action.releases, gone);
  if (fact.kind == "table" && !fact.has("partition_by"))
    action.loss = "the rows of table " + fact.identity;
  else if (fact.kind == "table")
    action.loss = "the rows of table " + fact.identity + " and its partitions";
  builder.add(std::move(action));
}

void alter_table(Builder& builder, const Fact& from, const Fact& to) {
  const std::string alter = "ALTER " + target(to);
  const auto say = [&](const std::string& sql) { builder.add(builder.remark(to, alter + sql)); };
  change_parentage(builder, from, to);
  if (from.flag("unlogged") != to.flag("unlogged")) change_persistence(builder, to);
  if (differs(from, to, "of_type"))
    builder.add(builder.change(
        from, to, alter + (to.has("of_type") ? " OF " + to.text("of_type") : " NOT OF")));
  for (const std::string& sql : option_changes(alter, from.value("options"), to.value("options")))
    builder.add(builder.remark(to, sql));
  if (differs(from, to, "access_method"))
    say(" SET ACCESS METHOD " + (to.has("access_method") ? to.text("access_method") : "heap"));
  if (differs(from, to, "tablespace"))
    say(" SET TABLESPACE " + (to.has("tablespace") ? to.text("tablespace") : "pg_default"));
  const std::string foreign =
      foreign_options(from.value("server_options"), to.value("server_options"));
  if (!foreign.empty()) say(" " + foreign);
  set_row_security(builder, &from, to);
  set_replica_identity(builder, &from, to);
  remark_changed(builder, from, to);
}

}  // namespace steward::diff
