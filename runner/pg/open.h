// Opening a connection with libpq: our defaults under what the target says, and a refusal told by
// its SQLSTATE. Part of the one door, see runner/pg.h.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>

#include "runner/url.h"

namespace steward::pg {

using Handle = std::unique_ptr<PGconn, decltype(&PQfinish)>;

// Throws connection_error() (runner/failure.h), and not_postgresql for what says it is something
// else.
Handle open(const url::Target& target, const std::string& name);

}  // namespace steward::pg
