// What the verbs that write statements share about renames: the flags, the question, and what is
// told of those that were made and of those that could be.
#pragma once

#include <string>
#include <vector>

#include "runner/command/session.h"
#include "runner/renaming.h"

namespace steward::command {

struct RenameOptions {
  std::vector<std::string> requests;  // --rename old=new
  bool none = false;                  // --no-renames: nothing but these is a rename
};

// With the marks of the desired schema, when that is files. Throws as rename::marks_in().
renaming::Wishes wishes(Session& session, const RenameOptions& options, const std::string& desired);

// A line for each rename that was made, a warning for each thing that looks like one.
void tell(Session& session, const renaming::Renamed& renamed);
// {"object", "to", "evidence", "sql"} of each.
Json objects_of(const std::vector<rename::Rename>& renames);
// "--rename task.title=name": what would say it.
std::string request_for(const rename::Rename& rename);

}  // namespace steward::command
