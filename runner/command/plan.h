// plan: the steps to a target, and what each is expected to do, before anything is done.
#pragma once

#include <string>
#include <vector>

#include "runner/command/session.h"

namespace steward::command {

struct PlanOptions {
  std::string target = "head";
  bool downgrade = false;
  bool sql = false;  // the script for psql
  bool ignore_future = false;
  std::vector<std::string> variables;  // NAME=VALUE, for the script
};

// Throws what planning throws; writes nothing.
Exit plan_steps(Session& session, const PlanOptions& options);

}  // namespace steward::command
