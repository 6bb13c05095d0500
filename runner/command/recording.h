// Recording: ledger rows for what was not run by this program, for the verbs that tell the ledger
// what is applied. docs/protocol.md describes the entries.
#pragma once

#include <string>
#include <vector>

#include "runner/command/session.h"
#include "runner/json.h"

namespace steward::command {

struct Change {
  std::string id;
  bool applied;              // from now on
  bool keeps_heads = false;  // the revision never became one: its parents are heads still
};

// Records the changes in that order, all of them in one transaction. action: stamp or adopt.
// detail: kept with each row, null for none. Throws Error(Exit::locked, "runner_locked"),
// Error(Exit::locked, "heads_moved"), Error(Exit::refused, "no_privilege").
void record(Session& session, const std::string& action, const std::vector<Change>& changes,
            const Json& detail = nullptr);

}  // namespace steward::command
