// show: one revision, or several that a target means; with -v its scripts.
#pragma once

#include <string>

#include "runner/command/session.h"

namespace steward::command {

struct ShowOptions {
  std::string target;
};

Exit show(Session& session, const ShowOptions& options);

}  // namespace steward::command
