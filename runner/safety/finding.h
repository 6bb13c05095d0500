// A finding: what a rule says of a statement, or of a revision as a whole. The words are those of
// steward.hygiene(): rule, severity, object, message, hint, fix.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace steward::safety {

enum class Severity { note, warning, error };

std::string_view name_of(Severity severity);  // "note", "warning", "error"
// nullopt: it is none of these.
std::optional<Severity> severity_named(std::string_view name);

struct Finding {
  std::string rule;
  Severity severity = Severity::warning;
  std::string object;   // the relation, or relation.column, or another object's name; may be empty
  std::string message;  // what is wrong: lower case, no full stop
  std::string effect;   // the lock, what waits for it, for how long; empty where there is none
  std::string hint;     // what to do instead, in words
  std::string fix;      // the safe sequence as SQL; empty where there is none
  std::string revision;
  std::string file;
  std::uint64_t line = 0;
  int statement = 0;   // its number in the section, from 1; 0: the revision as a whole
  bool large = false;  // about a table that a database says is large
  std::optional<std::string> waiver;  // the reason with which it was allowed
};

}  // namespace steward::safety
