// Poolers: whether another program stands between us and the server and gives a session to others
// between two of our transactions. What needs a session of its own (steps outside a transaction)
// cannot be shipped through one. Hosts, ports and parameters are hints; this looks at what happens.
#pragma once

#include <functional>
#include <string>

#include "runner/pg.h"
#include "runner/url.h"

namespace steward::pooler {

using Connect = std::function<pg::Connection()>;

// True when it was seen that two of our transactions need not run in the same session of the
// server. Costs nothing on a direct connection: the server's process is then the one that it said
// at its greeting. Otherwise another connection is opened, to see whether it is given our session.
bool shares_sessions(pg::Connection& connection, const Connect& connect);

// Whether the target looks like a pooler's: `-pooler` in the host, port 6432 or 6543,
// pgbouncer=true. A hint, not a proof.
bool looks_pooled(const url::Target& target);

// Where the same database may be reached directly, safe to print: the target without these signs.
std::string direct_url(const url::Target& target);

}  // namespace steward::pooler
