// Marks: comments `-- was: old_name` in SQL files that say what a schema should be. They are read
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
//
// line: of the file, where the script begins.
std::vector<Mark> marks_in(std::string_view script, const std::string& file,
                           std::uint64_t line = 1);

// An old name as a mark writes it, without its quotes and without what it is in: the old one is
// looked for where the new one is. label: it is a value of an enum.
std::string old_name(const std::string& written, bool label);

// The rename that the mark asks for, between these two. nullopt: it is done, or has nothing to do
// here. Throws Error(Exit::usage, "bad_mark") when the new schema has nothing, or several things,
// of that name.
//
// too: also when something of the old schema has the new name, of a fact that is not a type's part.
enum class Taken { is_done, too };
std::optional<Rename> resolve(const Mark& mark, const snapshot::Snapshot& schema,
                              const snapshot::Snapshot& wanted, Taken taken = Taken::is_done);

}  // namespace steward::rename
