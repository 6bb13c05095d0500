// init: a project's configuration and its directory of revisions.
#pragma once

#include <string>

#include "runner/command/session.h"

namespace steward::command {

struct InitOptions {
  std::string directory = "migrations";
};

// Makes the directory, and steward.toml in the working directory. Throws Error(Exit::usage):
// already_initialized when steward.toml is there, cannot_write.
Exit init(Session& session, const InitOptions& options);

}  // namespace steward::command
