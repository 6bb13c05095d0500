// ALTER TABLE, whose lock depends on what is altered: the strongest of its parts.
#pragma once

#include "runner/json.h"
#include "runner/safety/effects.h"

namespace steward::safety {

Effects alter_table(const Json& node);

// The tables that columns and constraints reference: a foreign key locks the other side too.
void add_references(const Json& elements, Effects& effects);

}  // namespace steward::safety
