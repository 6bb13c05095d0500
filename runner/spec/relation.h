// A table's or an enum's facts as what the tables of a spec say of them. A fact that they cannot
// say, or not wholly, is left to the blocks of SQL: what is written is told to the Holding. Pure.
#pragma once

#include <optional>

#include "runner/spec/document.h"
#include "runner/spec/holding.h"

namespace steward::spec {

// nullopt: the fact is none that a spec has a table for (a partition, a view), or its columns
// cannot be written.
std::optional<Relation> describe_relation(Holding& holding, const Fact& fact);

std::optional<Enum> describe_enum(Holding& holding, const Fact& fact);

}  // namespace steward::spec
