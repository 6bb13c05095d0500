// One statement of a diff (or a few that belong together) and what it does to the facts: what must
// be there before it, what is there afterwards, what is gone. The order of a script follows from
// these alone. Names are ids of facts, or others that two actions agree on ("name public.task").
#pragma once

#include <string>
#include <vector>

namespace steward::diff {

struct Action {
  std::string sql;  // without the last semicolon; several are separated by ";\n"
  int rank = 0;     // among those that may come next, the lowest goes first
  std::string key;  // and then by this

  std::vector<std::string> produces;
  std::vector<std::string> destroys;
  std::vector<std::string> changes;   // in place, so that dependents go before and come after
  std::vector<std::string> needs;     // of the new schema: produced before this
  std::vector<std::string> prefers;   // as needs, where that makes no cycle: what a body names
  std::vector<std::string> releases;  // of the old schema: destroyed after this
  std::vector<std::string> follows;   // destroyed before this
  int after = -1;                     // the number of an action that goes before

  std::string loss;  // what data it may destroy, for a person; empty: none
};

}  // namespace steward::diff
