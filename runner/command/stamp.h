// stamp: tells the ledger what is applied without running anything.
#pragma once

#include <string>
#include <vector>

#include "runner/command/session.h"

namespace steward::command {

struct StampOptions {
  std::vector<std::string> targets;
  bool purge = false;  // forget all that is recorded as applied first
};

// What stands on the targets is no longer applied, they and all they need are. Branches that have
// nothing to do with them are left alone. A target that is applied already and whose file was
// edited is recorded again, as the file is now.
Exit stamp(Session& session, const StampOptions& options);

}  // namespace steward::command
