// repair: what keeps the next deploy from running, and what would be written to mend it; it is said
// first, and done only when a person, or --yes, agrees.
#pragma once

#include <string>

#include "runner/command/session.h"

namespace steward::command {

struct RepairOptions {
  std::string finish;  // a revision whose interrupted step counts as done
  std::string undo;    // one whose interrupted step counts as never begun
};

// Exit::done when nothing is left to mend, Exit::differences when something is and nobody agreed.
// Throws Error(Exit::graph, "no_open_step") for a revision that has none.
Exit repair(Session& session, const RepairOptions& options);

}  // namespace steward::command
