// Declared: whether what cannot run in a transaction says so. A statement like CREATE INDEX
// CONCURRENTLY needs `transaction=off` behind its section's marker; without it the server would
// refuse it when half of a deploy is done.
#pragma once

#include "runner/plan.h"

namespace steward {

// Throws Error(Exit::usage, "needs_transaction_off"), with the place, for the first statement of
// the plan that PostgreSQL refuses in the transaction it would run in. Sections of more than a
// quarter of a megabyte are left to the server.
void require_declared(const plan::Plan& plan);

}  // namespace steward
