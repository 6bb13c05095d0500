#include "runner/diff.h"

#include <algorithm>
#include <map>

#include "runner/diff/builder.h"
#include "runner/diff/order.h"
#include "runner/diff/rules.h"

namespace steward::diff {
namespace {

const Rule& rule_for(const Fact& fact) {
  return rule_of(fact.flag("unmodelled") ? "" : fact.kind);
}

// What values are of, or are ordered by.
bool is_type(const Fact& fact) {
  return fact.kind == "type" || fact.kind == "domain" || fact.kind == "collation";
}

// A column's type or collation changes: what was compiled against it must make way. The server
// rebuilds indexes and constraints by itself.
Fate fate_under_retype(const Fact& dependent) {
  static const std::vector<std::string> compiled = {"view",      "materialized view", "rule",
                                                    "policy",    "trigger",           "function",
                                                    "procedure", "publication"};
  if (std::find(compiled.begin(), compiled.end(), dependent.kind) != compiled.end())
    return Fate::replaced;
  if (dependent.kind == "column") return dependent.has("generated") ? Fate::replaced : Fate::stays;
  if (dependent.kind == "constraint" && dependent.text("type") == "foreign key")
    return Fate::replaced;
  return Fate::stays;
}

Fate fate_of_column(const Fact& column, const Fact& needed) {
  if (is_type(needed)) return Fate::retyped;
  if (needed.kind == "extension" || needed.kind == "schema") return Fate::stays;
  if (column.has("generated")) return Fate::replaced;
  return column.has("default") ? Fate::rebound : Fate::stays;
}

// What a table needs besides types is in its partition key.
bool in_partition_key(const Fact& table, const Fact& needed) {
  return table.has("partition_by") && !is_type(needed) && needed.kind != "column";
}

Fate fate_when_gone(const Fact& dependent, const Fact& needed) {
  if (needed.kind == "schema" || needed.kind == "extension") return Fate::stays;
  if (dependent.kind == "column") return fate_of_column(dependent, needed);
  if (dependent.kind == "table" || dependent.kind == "foreign table") {
    if (needed.kind == "table" || needed.kind == "foreign table") return Fate::rebound;
    return in_partition_key(dependent, needed) ? Fate::replaced : Fate::stays;
  }
  if (dependent.kind == "sequence" || dependent.kind == "publication") return Fate::rebound;
  if (dependent.kind == "extension" || dependent.kind == "schema" ||
      dependent.kind == "default privileges")
    return Fate::stays;
  return Fate::replaced;
}

// The server changes no type of a column that partitions go by: then the table is made again.
bool key_retyped(const Snapshot& from, const Snapshot& to, const Fact& table) {
  const std::string key = table.text("partition_by");
  for (auto at = from.facts.lower_bound("column " + table.identity + ".");
       !key.empty() && at != from.facts.end() && at->second.parent == table.id; ++at) {
    const Fact* after = to.find(at->first);
    if (after == nullptr || key.find(own_name(*after)) == key.npos) continue;
    if (differs(at->second, *after, "type") || differs(at->second, *after, "collation"))
      return true;
    for (const std::string& need : after->needs)
      if (const Fact* a = from.find(need), *b = to.find(need);
          a != nullptr && b != nullptr && (is_type(*b) || b->kind == "collation") &&
          a->hash != b->hash && !rule_for(*b).alterable(*a, *b, to))
        return true;
  }
  return false;
}

// The columns of a table in their order, by name.
std::vector<std::string> columns_of(const Snapshot& snapshot, const Fact& table) {
  std::map<int, std::string> columns;
  for (auto at = snapshot.facts.lower_bound("column " + table.identity + ".");
       at != snapshot.facts.end() && at->second.kind == "column"; ++at)
    if (at->second.parent == table.id)
      columns.emplace(at->second.value("position").get<int>(), own_name(at->second));
    else if (!at->first.starts_with("column " + table.identity + "."))
      break;
  std::vector<std::string> names;
  for (const auto& [position, name] : columns) names.push_back(name);
  return names;
}

// The columns of a typed table stand as in its type: then it is made again where they would not.
bool disordered(const Snapshot& from, const Snapshot& to, const Fact& table, const Fact& after) {
  if (!table.has("of_type") || !after.has("of_type")) return false;
  const auto before = columns_of(from, table), wanted = columns_of(to, after);
  std::vector<std::string> reached;
  for (const std::string& name : before)
    if (std::find(wanted.begin(), wanted.end(), name) != wanted.end()) reached.push_back(name);
  return !std::equal(reached.begin(), reached.end(), wanted.begin());
}

// What is known of the families on both sides while the schemas are compared.
struct Kinship {
  Kinship(const Snapshot& old_schema, const Snapshot& new_schema)
      : from(old_schema), to(new_schema), after(new_schema) {}
  const Snapshot& from;
  const Snapshot& to;
  Families after;

  bool was_child(const std::string& table, const std::string& parent) const {
    const Fact *a = from.find(table), *b = to.find(table);
    const auto parents = parents_of(from, table);
    return a != nullptr && a->value("bound") == b->value("bound") &&
           std::find(parents.begin(), parents.end(), parent) != parents.end();
  }

  // An index that not all partitions have a part of, where one comes that is to have none: whatever
  // is attached is given its part.
  bool would_be_given(const Fact& whole, const Fact& wanted) const {
    if (!wanted.flag("invalid")) return false;
    for (const Fact* child : after.children(whole.parent))
      if (!was_child(child->id, whole.parent) && !has_part(*child, wanted)) return true;
    return false;
  }
  bool has_part(const Fact& table, const Fact& whole) const {
    return std::any_of(to.facts.begin(), to.facts.end(), [&](const auto& entry) {
      return entry.second.parent == table.id && entry.second.text("attached_to") == whole.id;
    });
  }

  // A check that a child is to have from here alone, and has as its own: no statement takes that
  // from it, but both can go and the parent's come again.
  bool comes_from_here_alone(const Fact& check) const {
    if (check.kind != "constraint" || !passes_on(to, check)) return false;
    for (const Fact* child : after.descendants(check.parent)) {
      const std::string own = "constraint " + own_name(check) + " ON " + child->identity;
      const Fact* before = from.find(child->id);
      if (before == nullptr || is_partition(*child) || to.find(own) != nullptr) continue;
      if (from.find(own) != nullptr || !descends(*before, check.parent)) return true;
    }
    return false;
  }
  bool descends(const Fact& table, const std::string& ancestor) const {
    for (const std::string& parent : parents_of(from, table.id))
      if (parent == ancestor || descends(*from.find(parent), ancestor)) return true;
    return false;
  }

  bool outgrown(const Fact& a, const Fact& b) const {
    if (a.kind == "table") return key_retyped(from, to, a) || disordered(from, to, a, b);
    return would_be_given(a, b) || comes_from_here_alone(b);
  }
};

Questions questions(const Snapshot& to, const Kinship& kinship) {
  return {
      [&](const Fact& a, const Fact& b) { return rule_for(b).alterable(a, b, to); },
      [&](const Fact& a, const Fact& b) { return kinship.outgrown(a, b); },
      [](const Fact& a, const Fact& b) {
        return a.kind == "column" && (differs(a, b, "type") || differs(a, b, "collation"));
      },
      [](const Fact& dependent, const Fact& needed, bool gone) {
        return gone ? fate_when_gone(dependent, needed) : fate_under_retype(dependent);
      },
  };
}

void build(Builder& builder) {
  const Plan& plan = builder.plan;
  for (const auto& [id, fact] : builder.from.facts)
    if (plan.goes(id)) rule_for(fact).drop(builder, fact);
  for (const auto& [id, fact] : builder.to.facts) {
    if (plan.comes(id))
      rule_for(fact).create(builder, fact);
    else if (plan.altered.contains(id) || plan.rebound.contains(id))
      rule_for(fact).alter(builder, *builder.from.find(id), fact);
  }
}

// Facts of a cycle that can stand in a statement of their own.
std::set<std::string> separable(const Builder& builder, const Order& order,
                                const std::vector<Action>& actions) {
  std::set<std::string> found;
  const auto consider = [&](const Snapshot& snapshot, const std::string& id) {
    const Fact* fact = snapshot.find(id);
    if (fact != nullptr &&
        (fact->kind == "constraint" ||
         (fact->kind == "column" && (fact->has("default") || fact->has("generated")))))
      found.insert(id);
  };
  for (const std::size_t at : order.cycle) {
    for (const std::string& id : actions[at].produces) consider(builder.to, id);
    for (const std::string& id : actions[at].destroys) consider(builder.from, id);
  }
  return found;
}

Error cycle_error(const Order& order, const std::vector<Action>& actions) {
  std::string names;
  for (const std::size_t at : order.cycle)
    names += (names.empty() ? "" : "\n") + actions[at].sql.substr(0, 120);
  return Error(Exit::refused, "diff_cycle",
               "no order was found in which these statements could run", names,
               "make the change in two steps, or write the revision by hand");
}

void require_modelled(const Builder& builder) {
  if (builder.refusals().empty()) return;
  throw Error(Exit::refused, "diff_unmodelled",
              "something differs that cannot be written as statements yet",
              joined(builder.refusals(), "\n"), "write that part by hand, then compare again");
}

// Keys are ids, with what tells several actions of one fact apart behind a control character.
std::string about(const Action& action) {
  return action.key.substr(0, action.key.find('\x01'));
}

Script collect(const Builder& builder, const Order& order, const std::vector<Action>& actions) {
  Script script;
  script.warnings = builder.warnings();
  for (const std::size_t at : order.sequence)
    if (!actions[at].sql.empty())
      script.statements.push_back({actions[at].sql, actions[at].loss, {}, about(actions[at])});
  return script;
}

}  // namespace

bool Script::destructive() const {
  return std::any_of(statements.begin(), statements.end(),
                     [](const Statement& statement) { return !statement.loss.empty(); });
}

std::string Script::losses() const {
  std::string lines;
  for (const Statement& statement : statements)
    if (!statement.loss.empty())
      lines += (lines.empty() ? "" : "\n") + statement.loss + ": " + statement.sql;
  return lines;
}

Script make(const Snapshot& from, const Snapshot& to) {
  const Kinship kinship(from, to);
  const Plan plan = compare(from, to, questions(to, kinship));
  std::set<std::string> apart;
  while (true) {
    Builder builder(from, to, plan, apart);
    build(builder);
    require_modelled(builder);
    const Order sorted = order(builder.actions());
    if (sorted.cycle.empty()) return collect(builder, sorted, builder.actions());
    const std::size_t before = apart.size();
    apart.merge(separable(builder, sorted, builder.actions()));
    if (apart.size() == before) throw cycle_error(sorted, builder.actions());
  }
}

std::vector<std::string> summary(const Snapshot& from, const Snapshot& to) {
  std::vector<std::string> lines;
  for (const auto& [id, fact] : from.facts) {
    const Fact* other = to.find(id);
    if (other == nullptr)
      lines.push_back("- " + id);
    else if (other->hash != fact.hash)
      lines.push_back("~ " + id);
  }
  for (const auto& [id, fact] : to.facts)
    if (from.find(id) == nullptr) lines.push_back("+ " + id);
  std::sort(lines.begin(), lines.end(),
            [](const std::string& a, const std::string& b) { return a.substr(2) < b.substr(2); });
  return lines;
}

// Bodies may name what comes later; nobody can know in which order.
std::string Script::preamble() const {
  const bool makes_routines =
      std::any_of(statements.begin(), statements.end(), [](const Statement& statement) {
        return statement.sql.starts_with("CREATE OR REPLACE ") &&
               !statement.sql.starts_with("CREATE OR REPLACE VIEW");
      });
  return makes_routines ? "SET check_function_bodies = off;" : "";
}

std::string to_text(const Script& script) {
  std::string text = script.preamble();
  if (!text.empty()) text += "\n";
  for (const Statement& statement : script.statements) {
    if (!statement.note.empty()) text += "-- " + statement.note + "\n";
    if (!statement.loss.empty()) text += "-- data loss: " + statement.loss + "\n";
    text += statement.sql + ";\n";
  }
  return text;
}

}  // namespace steward::diff
