// history: the revisions on disk, newest first.
#pragma once

#include <string>

#include "runner/command/session.h"

namespace steward::command {

struct HistoryOptions {
  std::string range;              // a:b, either side empty
  bool indicate_current = false;  // asks the database
};

Exit history(Session& session, const HistoryOptions& options);

}  // namespace steward::command
