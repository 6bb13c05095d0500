// Names that actions agree on besides the ids of facts: who owns an object now, that a sequence is
// tied to no column, and that a composite has lost the attributes it is to lose.
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

// Destroyed when a type loses attributes: what used them lets go before, and may need others that
// the type gets. Produced then as well, for what must have the type as it will be.
inline std::string attributes_of(const std::string& type) {
  return "attributes of " + type;
}
inline std::string trimmed(const std::string& type) {
  return "trimmed " + type;
}

// Destroyed when a child has the column that it declares beside this one of its parent.
inline std::string declared_below(const std::string& column) {
  return "declared below " + column;
}

// Destroyed when a column lets go of the rows of a relation that it has as values.
inline std::string rows_of(const std::string& relation) {
  return "rows of " + relation;
}

// "column public.task.title" -> "table public.task"
inline std::string table_of(const std::string& column) {
  return column.substr(0, column.rfind('.')).replace(0, std::string("column").size(), "table");
}

}  // namespace steward::diff
