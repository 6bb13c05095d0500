// Names that actions agree on besides the ids of facts: who owns an object now, and that a sequence
// is tied to no column.
#pragma once

#include <string>

namespace steward::diff {

// Produced when an object gets its owner.
inline std::string owner_of(const std::string& id) {
  return "owner of " + id;
}

// Destroyed when a sequence is no longer a column's.
inline std::string tie_of(const std::string& sequence) {
  return "tie of " + sequence;
}

// "column public.task.title" -> "table public.task"
inline std::string table_of(const std::string& column) {
  return column.substr(0, column.rfind('.')).replace(0, std::string("column").size(), "table");
}

}  // namespace steward::diff
