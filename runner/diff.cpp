#include "runner/diff.h"

#include <algorithm>
#include <memory>

#include "runner/diff/builder.h"
#include "runner/diff/held.h"
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
  if (is_type(needed) || holds_rows_of(column, needed)) return Fate::retyped;
  if (needed.kind == "extension" || needed.kind == "schema") return Fate::stays;
  if (column.has("generated")) return Fate::replaced;
  return column.has("default") ? Fate::rebound : Fate::stays;
}

Fate fate_when_gone(const Fact& dependent, const Fact& needed) {
  if (needed.kind == "schema" || needed.kind == "extension") return Fate::stays;
  if (dependent.kind == "column") return fate_of_column(dependent, needed);
  if (dependent.kind == "foreign table" && needed.kind == "server") return Fate::replaced;
  if (dependent.kind == "table" || dependent.kind == "foreign table")
    return needed.kind == "table" ? Fate::rebound : Fate::stays;
  if (dependent.kind == "sequence" || dependent.kind == "publication") return Fate::rebound;
  // What only the default of a domain needs.
  if (dependent.kind == "domain" && dependent.has("default") && !is_type(needed))
    return Fate::rebound;
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

// The server checks no values of a domain inside of arrays, rows and ranges: what they should all
// pass it refuses there.
class Boxed {
 public:
  Boxed(const Snapshot& from, const Snapshot& to) : before_(from), after_(to) {}
  bool operator()(const std::string& domain) const {
    return before_.inside(domain) && after_.inside(domain);
  }

 private:
  Held before_, after_;
};

bool is_check_of_all(const Fact& part) {
  return part.kind == "constraint" && part.parent.starts_with("domain ") &&
         !part.text("definition").ends_with(" NOT VALID");
}

bool asks_for_more(const Snapshot& from, const Snapshot& to, const Fact& before,
                   const Fact& after) {
  if (after.flag("not_null") && !before.flag("not_null")) return true;
  return std::any_of(to.facts.begin(), to.facts.end(), [&](const auto& entry) {
    const Fact& part = entry.second;
    const Fact* old = part.parent == after.id ? from.find(part.id) : nullptr;
    return old != nullptr && is_check_of_all(part) && !is_check_of_all(*old);
  });
}

// What columns of both schemas can be cast from and to.
Snapshot known_types(const Snapshot& from, const Snapshot& to) {
  Snapshot known;
  known.casts = to.casts;
  known.casts.insert(from.casts.begin(), from.casts.end());
  for (const Snapshot* schema : {&to, &from})
    for (auto at = schema->facts.lower_bound("domain ");
         at != schema->facts.end() && at->second.kind == "domain"; ++at)
      known.facts.insert(*at);
  return known;
}

// forced: what is to be made again though it could be changed in place.
Questions questions(const Snapshot& from, const Snapshot& to, const std::set<std::string>& forced) {
  const auto known = std::make_shared<Snapshot>(known_types(from, to));
  const auto boxed = std::make_shared<Boxed>(from, to);
  return {
      [&, known](const Fact& a, const Fact& b) {
        return rule_for(b).alterable(a, b, b.kind == "column" ? *known : to);
      },
      [&, boxed](const Fact& a, const Fact& b) {
        if (forced.contains(a.id)) return true;
        if (a.kind != "domain") return key_retyped(from, to, a);
        return (*boxed)(a.id) && asks_for_more(from, to, a, b);
      },
      [boxed](const Fact& part) { return is_check_of_all(part) && (*boxed)(part.parent); },
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

// Keys are ids, with what tells several actions of one fact apart behind a control character.
std::string about(const Action& action) {
  return action.key.substr(0, action.key.find('\x01'));
}

// What changes in place within a cycle is made again instead: between its going and its coming
// there is room for the others. Only what holds no rows, and of that what takes the least along.
bool force(const Plan& plan, const Order& order, const std::vector<Action>& actions,
           std::set<std::string>& forced) {
  for (const std::string kind :
       {"policy ", "trigger ", "rule ", "view ", "procedure ", "function "}) {
    bool found = false;
    for (const std::size_t at : order.cycle) {
      const std::string id = about(actions[at]);
      if (id.starts_with(kind) && (plan.altered.contains(id) || plan.rebound.contains(id)))
        found = forced.insert(id).second || found;
    }
    if (found) return true;
  }
  return false;
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
  std::set<std::string> apart, forced;
  while (true) {
    const Plan plan = compare(from, to, questions(from, to, forced));
    Builder builder(from, to, plan, apart);
    build(builder);
    require_modelled(builder);
    const Order sorted = order(builder.actions());
    if (sorted.cycle.empty()) return collect(builder, sorted, builder.actions());
    const std::size_t before = apart.size();
    apart.merge(separable(builder, sorted, builder.actions()));
    if (apart.size() == before && !force(plan, sorted, builder.actions(), forced))
      throw cycle_error(sorted, builder.actions());
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
