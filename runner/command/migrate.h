// upgrade and downgrade: plan, check, ship, report.
#pragma once

#include <string>
#include <vector>

#include "runner/command/session.h"

namespace steward::command {

struct MigrateOptions {
  std::string target;
  bool atomic = false;
  bool dry_run = false;                // in one transaction that is rolled back
  bool sql = false;                    // print the script instead
  std::string lock_timeout;            // empty: as configured
  std::string statement_timeout;       // likewise
  std::string lock_wait;               // likewise
  std::string role;                    // likewise
  std::vector<std::string> variables;  // NAME=VALUE
  bool ignore_future = false;          // of an upgrade: see planning.h
};

// Throws what planning and shipping throw. When another runner changed the history after this one
// had planned, it plans again, a few times.
Exit upgrade(Session& session, const MigrateOptions& options);
Exit downgrade(Session& session, const MigrateOptions& options);

}  // namespace steward::command
