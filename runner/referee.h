// The referee of a proof: what pg_dump says of a schema, and the little that pg_dump leaves out. It
// shares nothing with the snapshot, so that what one of the two overlooks the other sees. The order
// of columns, of grants and of the dump itself says nothing here.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "runner/pg.h"
#include "runner/url.h"

namespace steward::referee {

// The pg_dump that understands this server (as Connection::server_version()): it is not older.
// Empty: none is installed.
std::filesystem::path find_pg_dump(int server_version);

// A schema, an entry for each object and for each thing said of one.
using Description = std::multiset<std::string>;

// Asks pg_dump about the database that the connection is to, without the schema `steward` and
// extensions' members. Throws Error(Exit::unexpected, "pg_dump_failed").
Description describe(const std::filesystem::path& pg_dump, const url::Target& target,
                     pg::Connection& connection);

// The entries that only one of them has: "- " of the expected, "+ " of the found.
std::vector<std::string> differences(const Description& expected, const Description& found);

// A plain dump as a description. For tests and describe().
Description entries_of(std::string_view dump);

}  // namespace steward::referee
