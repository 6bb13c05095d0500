// import: another tool's migrations become revisions, and what it recorded as applied is adopted.
#pragma once

#include <string>
#include <vector>

#include "runner/command/session.h"

namespace steward::command {

struct ImportOptions {
  std::string tool;
  std::string path;
  std::vector<std::string> variables;  // NAME=VALUE
  std::string table;                   // the other tool's, when it is not called as it usually is
  bool files_only = false;
};

Exit import(Session& session, const ImportOptions& options);

}  // namespace steward::command
