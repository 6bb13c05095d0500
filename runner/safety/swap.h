// Swap: a change of type without a rewrite under a lock: a new column that a trigger keeps, filled
// in batches, with its own indexes, which then takes the old one's name; and the same the other way
// for the way back. Everything that stands on the column is taken along.
#pragma once

#include <string>
#include <variant>

#include "runner/safety/remedy.h"
#include "runner/safety/standing.h"

namespace steward::safety {

// statement: an ALTER TABLE ... ALTER COLUMN ... TYPE that writes the table anew. downgrade: where
// the change back is looked for. A text: why it cannot be done mechanically.
std::variant<Remedy, std::string> swap_for(const Statement& statement, const Script* downgrade,
                                           const Standing& standing, const Knowledge& known);

}  // namespace steward::safety
