// Types as statements name them, and what a change from one to another does to a table's rows:
// which are free, which rebuild the column's indexes, which write every row anew. Measured on
// PostgreSQL 15 (docs/effects.md).
#pragma once

#include <string>
#include <vector>

#include "runner/json.h"

namespace steward::safety {

struct Type {
  std::string name;  // the server's own name: int4, varchar, timestamptz; with its schema when that
                     // is not pg_catalog or public
  std::vector<int> modifiers;  // varchar(10): {10}; numeric(10,2): {10, 2}
  bool array = false;

  bool known() const { return !name.empty(); }
  bool operator==(const Type&) const = default;
};

// Of a TypeName node; of the text that format_type() prints.
Type type_in(const Json& type_name);
Type type_written(const std::string& text);
// numeric(10,2), text[]
std::string written(const Type& type);

enum class Change {
  free,      // the catalog alone
  reindex,   // the column's indexes are made anew
  unknown,   // the old type, or one of the two, is not known
  rewrites,  // every row
  narrows,   // every row, and values may not fit
};

// utc: the session's time zone is UTC, where timestamp and timestamptz change freely.
Change change_between(const Type& from, const Type& to, bool utc);

}  // namespace steward::safety
