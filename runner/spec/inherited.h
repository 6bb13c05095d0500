// What a table of a family has from another one: the columns of its parents, the partitions that
// are as their table makes them. It is held without being written. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runner/spec/document.h"
#include "runner/spec/holding.h"

namespace steward::spec {

// Whether a column is its parents' alone.
bool is_inherited(const Fact& column);
// A column that is the table's own and its parents' too, as it is made: without a default of its
// own it has theirs.
Fact merged(const Holding& holding, const Fact& table, const Fact& column);
// Holds it as the parent has it; what is other in the table is left to the diff.
void hold_inherited(Holding& holding, const Fact& table, const Fact& column);

// The partitions of a table whose own parts are held already, and theirs. One whose indexes have
// other names than PostgreSQL would choose, and those below it, are left to the diff.
std::vector<Partition> describe_partitions(Holding& holding, const Fact& table);

// The SQL as a cell can hold it; nullopt: it cannot.
std::optional<std::string> line_for(const std::string& sql);

// What a page says of a table itself is everything but these.
inline constexpr const char* unwritten[] = {"unlogged", "options", "replica_identity",
                                            "access_method", "tablespace"};

}  // namespace steward::spec
