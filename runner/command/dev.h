// dev: the project's own private PostgreSQL.
#pragma once

#include <string>
#include <vector>

#include "runner/command/session.h"

namespace steward::command {

struct DevOptions {
  std::string action;                  // start, stop, url, psql
  std::vector<std::string> arguments;  // for psql
};

// psql replaces this process. Throws what runner/dev.h throws; Error(Exit::usage, "usage") for
// another action.
Exit dev(Session& session, const DevOptions& options);

}  // namespace steward::command
