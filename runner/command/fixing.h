// Fixing: lint --fix, which writes the safe forms of revisions that are not applied.
#pragma once

#include <string>
#include <unordered_set>

#include "runner/command/session.h"

namespace steward::command {

// Rewrites those of the chosen revisions that have a mechanical safe form, adds the revisions that
// follow, and puts their children behind these. What is applied, as far as a database can be asked,
// is left alone. Says what it did. Throws what reading and writing files throw.
void write_fixes(Session& session, const std::unordered_set<std::string>& chosen);

}  // namespace steward::command
