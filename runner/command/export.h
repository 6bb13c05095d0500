// export: the revisions as another tool's files, in a directory of its own. Needs no database.
#pragma once

#include <string>
#include <vector>

#include "runner/command/session.h"

namespace steward::command {

struct ExportOptions {
  std::string tool;
  std::string path;                    // the directory, made when it is not there
  std::vector<std::string> variables;  // NAME=VALUE
};

// Throws as exporter::exported(), and Error(Exit::usage, "would_overwrite") before anything is
// written when a file of that name is there and is another.
Exit export_to(Session& session, const ExportOptions& options);

}  // namespace steward::command
