// A copy of a database in a shadow: the schema, made from its snapshot, and the rows, table by
// table. It only reads there, in one transaction, with no lock stronger than a SELECT takes, and
// keeps nobody from connecting, as a copy made with CREATE DATABASE ... TEMPLATE would.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runner/pg.h"
#include "runner/shadow.h"

namespace steward::shadow {

struct Copied {
  std::size_t tables = 0;
  std::int64_t bytes = 0;                 // what the tables take there, without their indexes
  std::vector<std::string> without_rows;  // foreign tables, whose rows are elsewhere
};

// The shadow is empty before. What looks at other rows (foreign keys, triggers, rules, policies,
// materialized views) comes when all rows are there. Throws Error(Exit::refused):
//   too_many_rows  the tables take more than limit bytes; the largest are named
//   no_copy        a table may not be read, or the schema not be made, by this role
Copied copy(Shadow& shadow, pg::Connection& database, std::int64_t limit);

}  // namespace steward::shadow
