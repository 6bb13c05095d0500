// Refining: the effects that a statement's text predicts, corrected by what is known of the
// database: a type change that is free, a NOT NULL that is proven, the table behind an index, the
// other side of a foreign key, the default partition.
#pragma once

#include "runner/safety/knowledge.h"
#include "runner/safety/script.h"

namespace steward::safety {

Effects refined(const Statement& statement, const Knowledge& known);

// What a change of type does here: domains resolved, a new collation or a USING looked at.
Change type_change(const Action& action, const Knowledge& known);

// Whether SET NOT NULL has to read the table.
bool needs_scan_for_not_null(const Statement& statement, const Action& action,
                             const Knowledge& known);

}  // namespace steward::safety
