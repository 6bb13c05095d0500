// By state: what the database itself says of a statement at which a step outside a transaction was
// interrupted. It is asked, cleaned up where the statement left something half done, and believed;
// no flag is kept that a person must clear.
#pragma once

#include "runner/pg.h"
#include "runner/sql.h"

namespace steward::ship {

// Whether the statement has taken effect. What was left behind is taken away first, so that it can
// run again: an INVALID index, the new copy of a REINDEX CONCURRENTLY. A DETACH PARTITION
// CONCURRENTLY that is pending is finished. Databases, tablespaces and subscriptions are there or
// are not. Of others nothing is known: false, and they run again.
bool has_taken_effect(pg::Connection& connection, const sql::Statement& statement);

}  // namespace steward::ship
