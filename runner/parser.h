// The parser: PostgreSQL's own, as the library libpg_query has it, and the one door to it. It says
// what a statement is, never where one ends: that is the splitter's business, and its grammar may
// be older than the server's. Knows no database.
#pragma once

#include <optional>
#include <string_view>

#include "runner/json.h"

namespace steward::parser {

// One statement's parse tree, as libpg_query names nodes: {"IndexStmt": {...}}. nullopt: the
// library's grammar does not know it, which need not mean that the server's does not.
std::optional<Json> parse(std::string_view statement);

// How many statements a whole script has. nullopt: as above.
std::optional<std::size_t> count(std::string_view script);

// Of the PostgreSQL whose grammar it is: 15, 17, 18.
int version();

}  // namespace steward::parser
