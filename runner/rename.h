// Renames that a person asks for: what has one name in the old schema and another in the new one. A
// diff would drop the one and make the other; these statements go before it, and back after its way
// back. Pure.
#pragma once

#include <string>

#include "runner/snapshot.h"

namespace steward::rename {

struct Rename {
  std::string statement;
  std::string back;
};

// "task=todo", "public.task=todo", "task.title=name": the old name as far as it is needed to be the
// only one, quoted as in SQL; the new one without what it is in. Throws Error(Exit::usage,
// "bad_rename") when it is not that, or names nothing or several things, with those.
Rename resolve(const std::string& request, const snapshot::Snapshot& schema);

}  // namespace steward::rename
