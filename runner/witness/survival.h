// Survival: whether rows come through a change. What each table and column holds is summed up
// before it; afterwards, and on the way back again, what was not announced as lost is still the
// same.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "runner/pg.h"

namespace steward::witness {

// A column's values in a few figures. They are compared on one server only.
struct Digest {
  std::string plain;  // of the values, in whatever row
  std::string keyed;  // of the values with their row's primary key; empty: there is none
  bool operator==(const Digest&) const = default;
};

struct ColumnRows {
  std::string name, type;  // as SQL takes them
  bool of_key = false;
  Digest digest;
};

struct TableRows {
  std::string name;  // as SQL takes it: its schema.its name
  std::int64_t count = 0;
  std::map<int, ColumnRows> columns;  // by number, which a new name does not change
};

// What the tables hold, by oid, which a new name does not change either.
using Survey = std::map<std::string, TableRows>;

// Reads all rows of all tables of users. Generated columns are none.
Survey survey(pg::Connection& connection);

// What a change says of itself.
struct Announced {
  std::set<std::string> lost;  // ids of facts: "column public.task.note", "table public.task"
  bool types_changed =
      false;  // a type of users' own is another: the same value may have another name
};

// What is no longer there of what was there before, a line each: "table public.task: 10 rows became
// 8". way_back: both stand at the same schema, so that values of columns whose type changed
// meanwhile are compared as well. between: what stood in the middle; null: nothing did.
std::vector<std::string> lost(const Survey& before, const Survey& after, const Announced& announced,
                              const Survey* between = nullptr);

}  // namespace steward::witness
