// Which types have values in columns of a schema, and how: by themselves, or inside of arrays, rows
// and ranges, where the server neither checks nor converts them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runner/snapshot.h"

namespace steward::diff {

class Held {
 public:
  explicit Held(const snapshot::Snapshot& schema);

  // type: the id of a type, a domain, or a relation whose rows are values.
  bool anywhere(const std::string& type) const { return inside_.contains(type); }
  bool inside(const std::string& type) const;

 private:
  void add_columns(const std::string& relation, bool inside);
  void add(const snapshot::Fact& holder, const std::string& shown, bool inside);
  void mark(const std::string& type, bool inside);

  const snapshot::Snapshot& schema_;
  std::map<std::string, bool> inside_;  // by id; false: by themselves only
};

// Whether the column has rows of the relation as values.
bool holds_rows_of(const snapshot::Fact& column, const snapshot::Fact& relation);
// The relations, by id, whose rows the column has as values in that schema.
std::vector<std::string> row_types_of(const snapshot::Snapshot& schema,
                                      const snapshot::Fact& column);

}  // namespace steward::diff
