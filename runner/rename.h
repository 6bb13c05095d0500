// Renames: what has one name in the old schema and another in the new one, as the statements that
// say so and take it back. A diff would drop the one and make the other; these go before it, and
// back after its way back. Pure.
#pragma once

#include <string>
#include <string_view>

#include "runner/snapshot.h"

namespace steward::rename {

struct Rename {
  std::string object;  // "column public.task.title", for people
  std::string to;      // its new name
  std::string statement;
  std::string back;
  std::string evidence{};  // why it is taken for one; empty: somebody said so
};

// Of a fact of a kind that can_rename(). `to`: quoted as in SQL, without what it is in.
Rename of_fact(const snapshot::Fact& fact, const std::string& to);
bool can_rename(const snapshot::Fact& fact);
// Of a value of an enum, or of an attribute of a composite type (quoted).
Rename of_label(const snapshot::Fact& type, const std::string& label, const std::string& to);
Rename of_attribute(const snapshot::Fact& type, const std::string& name, const std::string& to);

// The name that a rename gives: without schema, arguments or what it is on.
std::string name_alone(const snapshot::Fact& fact);
// The id that the fact has with that name.
std::string renamed_id(const snapshot::Fact& fact, const std::string& to);

// "task=todo", "public.task=todo", "task.title=name", "state.open=opened" (a value of an enum): the
// old name as far as it is needed to be the only one, quoted as in SQL; the new one without what it
// is in. Of several things of that name the one that is gone from `wanted` is meant. Throws
// Error(Exit::usage, "bad_rename") when it is not that, names nothing or several things, with
// those, or when `wanted` has nothing of the new name.
Rename resolve(const std::string& request, const snapshot::Snapshot& schema,
               const snapshot::Snapshot& wanted);

}  // namespace steward::rename
