// The catalog: what a database says of the relations, types and functions that revisions name.
// Asked in one query, before the rules look; it reads catalogs alone.
#pragma once

#include <cstdint>
#include <vector>

#include "runner/pg.h"
#include "runner/safety/lint.h"

namespace steward::safety {

// What is known before the first of these is run.
Knowledge ask(pg::Connection& connection, const std::vector<Subject>& subjects);

// Whether the database has a table of that size at all.
bool has_table_of(pg::Connection& connection, std::int64_t bytes);

}  // namespace steward::safety
