// Likeness: what is gone from one schema and what is new in another, where the one looks like the
// other under a new name. Certain: the same in all but the name, and nothing else on either side
// is. Pure.
#pragma once

#include <vector>

#include "runner/rename.h"

namespace steward::rename {

struct Likeness {
  Rename rename;  // with its evidence
  bool certain = false;
  std::string loses;  // what would be dropped otherwise, as an id; of a value of an enum, as text
};

// Schemas, then types, tables, columns and the values of enums, then what is attached or stands
// alone: once those of one level are renamed, the next can be compared.
constexpr int levels = 5;

// Those of one level, the certain ones first.
std::vector<Likeness> alike(const snapshot::Snapshot& from, const snapshot::Snapshot& to,
                            int level);

// What can be said of a thing without its name: of a table its columns, of others their definition.
std::string shape_of(const snapshot::Snapshot& schema, const snapshot::Fact& fact);

}  // namespace steward::rename
