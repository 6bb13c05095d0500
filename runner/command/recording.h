// Recording: ledger rows for what was not run by this program, for the verbs that tell the ledger
// what is applied. docs/protocol.md describes the entries.
#pragma once

#include <chrono>
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

// Records the changes in that order, all of them in one transaction, after what the ledger does not
// know yet of squashed revisions. action: stamp or adopt. detail: kept with each row, null for
// none. Throws Error(Exit::locked, "runner_locked"), Error(Exit::locked, "heads_moved"),
// Error(Exit::refused, "no_privilege").
void record(Session& session, const std::string& action, const std::vector<Change>& changes,
            const Json& detail = nullptr);

// Tells the ledger what it does not know yet of squashed revisions; usually nothing. `all`: also
// what only matters to further steps. Waits that long for another runner. Throws as record(), and
// edited_revision for one of the old revisions that is not what was applied.
void record_squashes(Session& session, bool all, std::chrono::milliseconds wait);
// The statements for it, for whoever runs them in a transaction.
std::string squash_statements(Session& session);

}  // namespace steward::command
