// Where the rules of the kinds put their statements: the two schemas, what is to become of each
// fact, and the actions so far. It knows which names a fact takes, how kinds are ranked, and how to
// name a fact in SQL; nothing of any kind's attributes.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "runner/diff/action.h"
#include "runner/diff/family.h"
#include "runner/diff/plan.h"
#include "runner/text.h"

namespace steward::diff {

class Builder {
 public:
  // apart: facts that are not to be folded into the statement of their parent, because of a cycle.
  Builder(const Snapshot& from, const Snapshot& to, const Plan& plan,
          const std::set<std::string>& apart);

  const Snapshot& from;
  const Snapshot& to;
  const Plan& plan;
  const std::set<std::string>& apart;

  // The action that makes the fact: produces it and its names, needs what it needs.
  Action creation(const Fact& fact, std::string sql) const;
  // The one that destroys it and all its parts.
  Action destruction(const Fact& fact, std::string sql) const;
  // A change to a fact that is there: needs the fact, and what the new definition needs; what the
  // old one needed is released, but for what stays, changed in place at most.
  Action change(const Fact& from_fact, const Fact& to_fact, std::string sql) const;
  // Something said about a fact that is made or stays: comment, owner, privileges.
  Action remark(const Fact& fact, std::string sql) const;

  int add(Action action);  // returns its number
  void warn(std::string text) { warnings_.push_back(std::move(text)); }
  // What cannot be done, by name: nothing is written silently without it.
  void refuse(std::string text) { refusals_.push_back(std::move(text)); }

  // Whether the fact's parent makes way, so that the fact goes along.
  bool goes_with_parent(const Fact& fact) const;
  // The facts of a schema that have this parent.
  const std::vector<const Fact*>& parts(const Snapshot& snapshot, const std::string& parent) const;

  // The tables of a schema that have this one as a parent.
  const std::vector<const Fact*>& children(const Snapshot& snapshot,
                                           const std::string& table) const;
  std::vector<const Fact*> descendants(const Snapshot& snapshot, const std::string& table) const;

  // Whether a foreign key of the old schema refers to this table.
  bool was_referenced(const std::string& table) const { return referenced_.contains(table); }

  std::vector<Action>& actions() { return actions_; }
  const std::vector<std::string>& warnings() const { return warnings_; }
  const std::vector<std::string>& refusals() const { return refusals_; }

 private:
  using Parts = std::unordered_map<std::string, std::vector<const Fact*>>;
  Parts old_parts_;
  Parts new_parts_;
  Families old_families_;
  Families new_families_;
  std::set<std::string> referenced_;
  std::vector<Action> actions_;
  std::vector<std::string> warnings_;
  std::vector<std::string> refusals_;
};

int rank_of(const Fact& fact);

// "TABLE public.task", "CONSTRAINT x ON public.task"
std::string target(const Fact& fact);
// Of "column public.task.title": "public.task"; of "trigger x ON public.task": "public.task".
std::string relation(const Fact& fact);
// Of a column: its own name; of a constraint, trigger, rule or policy: what stands before ON.
std::string own_name(const Fact& fact);
// Of a fact in a schema: its name without the schema.
std::string base_name(const Fact& fact);
// What the functions of a base type are made upon, in place of the type of that id.
std::string shell_of(const std::string& type);
// Whether the fact is such a function: the base type needs it as it needs the type.
bool stands_on_shell(const Snapshot& snapshot, const Fact& fact, const std::string& type);
// Names that no two objects can have at once, whatever their kinds.
std::vector<std::string> names_taken(const Fact& fact);

std::string upper(std::string_view text);
void append(std::vector<std::string>& to, const std::vector<std::string>& more);

}  // namespace steward::diff
