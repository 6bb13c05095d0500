// wait: until the server takes connections, for whatever is started at the same time as it.
#pragma once

#include <string>

#include "runner/command/session.h"

namespace steward::command {

struct WaitOptions {
  std::string timeout = "60s";
};

// Tries again only what time can mend (starting up, full, nobody there yet); throws anything else
// at once, and the last refusal when the time is over.
Exit wait(Session& session, const WaitOptions& options);

}  // namespace steward::command
