#include "runner/diff.h"

#include <algorithm>

#include "runner/diff/builder.h"
#include "runner/diff/order.h"
#include "runner/diff/questions.h"
#include "runner/diff/rules.h"

namespace steward::diff {
namespace {

void build(Builder& builder) {
  const Plan& plan = builder.plan;
  for (const auto& [id, fact] : builder.from.facts)
    if (plan.goes(id)) rule_of(fact).drop(builder, fact);
  for (const auto& [id, fact] : builder.to.facts) {
    if (plan.comes(id))
      rule_of(fact).create(builder, fact);
    else if (plan.altered.contains(id) || plan.rebound.contains(id))
      rule_of(fact).alter(builder, *builder.from.find(id), fact);
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
