// Marks: comments `-- was: old_name` in files that say what a schema should be. They are read
// lexically: which name a comment stands by is a matter of lines, as docs/verbs/revision.md says.
// A mark stays true when the rename is done, and says nothing then.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/rename.h"

namespace steward::rename {

using Name = std::vector<std::string>;  // {"app", "todo"}: its parts, as the server keeps them

struct Mark {
  Name object;         // that the statement is about, as far as it is written
  std::string part;    // the column, constraint or attribute; empty: the object itself
  bool label = false;  // part is a value of an enum
  std::string was;     // the old name, without what it is in
  std::string file;
  std::uint64_t line = 0;
};

// In the order of the script. Throws Error(Exit::usage, "bad_mark"), with the place, for one that
// stands by nothing that has a name, and what the splitter throws.
std::vector<Mark> marks_in(std::string_view script, const std::string& file);

// The rename that the mark asks for, between these two. nullopt: it is done, or has nothing to do
// here. Throws Error(Exit::usage, "bad_mark") when the new schema has nothing, or several things,
// of that name.
std::optional<Rename> resolve(const Mark& mark, const snapshot::Snapshot& schema,
                              const snapshot::Snapshot& wanted);

}  // namespace steward::rename
