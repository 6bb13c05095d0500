// Rehearsal: what `upgrade --dry-run` found out, statement by statement, and the script of `--sql`.
#pragma once

#include <vector>

#include "runner/command/planning.h"
#include "runner/ship.h"

namespace steward::command {

// Each statement's time, rows and locks, as the server measured them.
void report_rehearsal(Session& session, const plan::Plan& plan,
                      const std::vector<ship::Rehearsed>& rehearsed);

// The plan as a script for psql, to stdout. A target a:b is a range of the files, for which no
// database is asked.
Exit print_script(Session& session, const Wanted& wanted, const ship::Settings& settings);

}  // namespace steward::command
