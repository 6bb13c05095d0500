// A table's or an enum's facts as what the tables of a spec say of them. A fact that they cannot
// say, or not wholly, is left to the blocks of SQL: what is written is told to the Holding. Pure.
#pragma once

#include <optional>

#include "runner/spec/document.h"
#include "runner/spec/holding.h"

namespace steward::spec {

// Whether what has a family (partitions, parents, a type) is written as tables or left to SQL.
enum class Families { tables, sql };

// nullopt: the fact is none that a spec has a table for (a view, a partition, which its table has),
// or its columns cannot be written.
std::optional<Relation> describe_relation(Holding& holding, const Fact& fact, Families families);

std::optional<Enum> describe_enum(Holding& holding, const Fact& fact);

}  // namespace steward::spec
