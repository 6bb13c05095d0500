// The parameters of a connection by their names: those that libpq knows, those that drivers and
// ORMs keep in the same URL for themselves, and which of them nobody may see. Names are in lower
// case.
#pragma once

#include <string_view>

namespace steward::url {

// libpq's keywords up to PostgreSQL 18.
bool libpq_knows(std::string_view name);

// A setting of a driver's, an ORM's or a pool's own. It says nothing to a migration.
bool belongs_to_driver(std::string_view name);

// The names under which drivers take a search path.
bool names_search_path(std::string_view name);

// A password, or what is as good as one.
bool is_secret(std::string_view name);

}  // namespace steward::url
