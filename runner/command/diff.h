// diff: the SQL that leads from one schema to another, or back.
#pragma once

#include <string>

#include "runner/command/renames.h"

namespace steward::command {

struct DiffOptions {
  std::string from;  // a URL, a directory of revisions or of SQL files, a file
  std::string to;
  bool downgrade = false;
  bool summary = false;
  bool online = false;  // in stages that keep nobody waiting
  RenameOptions renames;
};

// Exit::done whether or not they differ. Throws as shadow.h and diff.h say.
Exit diff(Session& session, const DiffOptions& options);

}  // namespace steward::command
