// Remedies: the safe form of one statement, as the statement that takes its place and the parts
// that follow in revisions of their own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runner/safety/rule.h"

namespace steward::safety {

// A revision that follows.
struct Part {
  std::string message;
  bool transaction = true;
  std::string upgrade;
  std::string downgrade;
  bool back_outside = false;  // only the way back runs outside a transaction
};

struct Remedy {
  std::string rule;
  std::string instead;  // in the revision itself; empty: nothing is left of it there
  std::vector<Part> parts;
  std::string undo_first;  // before all else of the revision's downgrade; may be empty
  std::string
      undone_later;  // of the downgrade: the object whose drop moves to a part; may be empty
  int undone = 0;    // likewise: the number of the statement that a part does; 0: none
};

// nullopt: the statement is safe, or there is no mechanical way.
std::optional<Remedy> remedy_for(const Statement& statement, const Script* downgrade,
                                 const Knowledge& known);

}  // namespace steward::safety
