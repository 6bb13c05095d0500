// All safety rules, by name, and what a project makes of them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runner/safety/rule.h"

namespace steward::safety {

const std::vector<Rule>& all_rules();
const Rule* find_rule(std::string_view id);  // nullptr: there is none
// The rule whose name is meant, by a letter or two; nullptr: none is that near.
const Rule* rule_like(std::string_view id);

// What a project says of a rule: off, note, warning, error; on: with its own severity.
class Levels {
 public:
  // False: there is no such rule, or no such level.
  bool set(const std::string& rule, const std::string& level);
  // nullopt: the rule is off.
  std::optional<Severity> of(const Rule& rule) const;
  // Whether the project gave it a severity, which nothing softens then.
  bool is_given(const Rule& rule) const;

 private:
  std::map<std::string, std::string> levels_;
};

}  // namespace steward::safety
