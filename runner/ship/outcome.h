// Outcomes: what became of a run whose connection was lost. The ledger's rows are written in the
// transaction of their DDL, so they are the proof, after a failover too; but only once the session
// that was lost is known to be gone: until then it holds the runner lock.
#pragma once

#include <functional>
#include <string>

#include "runner/pg.h"

namespace steward::ship {

using Connect = std::function<pg::Connection()>;

// How many steps this run has recorded. Reconnects, waiting up to `patience` for the server and for
// the lost session to end. Throws Error(Exit::unknown, "outcome_unknown") when that cannot be
// learned.
std::size_t recorded_steps(const Connect& connect, const std::string& run,
                           std::chrono::milliseconds patience);

}  // namespace steward::ship
