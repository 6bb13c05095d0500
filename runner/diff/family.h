// Which table is a partition or a child of which, in one schema. Asked often, so looked up once.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "runner/snapshot.h"

namespace steward::diff {

using snapshot::Fact;
using snapshot::Snapshot;

class Families {
 public:
  explicit Families(const Snapshot& snapshot);

  // The tables that have this one as a parent, by its id.
  const std::vector<const Fact*>& children(const std::string& table) const;
  // Those, theirs, and so on, each once.
  std::vector<const Fact*> descendants(const std::string& table) const;

 private:
  std::unordered_map<std::string, std::vector<const Fact*>> children_;
};

// A table or foreign table by its name; nullptr: there is none.
const Fact* table_named(const Snapshot& snapshot, const std::string& identity);
// The tables that a table has as parents, as ids, in their order.
std::vector<std::string> parents_of(const Snapshot& snapshot, const std::string& table);
bool is_partition(const Fact& table);

}  // namespace steward::diff
