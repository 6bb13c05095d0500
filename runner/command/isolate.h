// isolate: writes the revision that makes a table's rows belong to their owners, or the one that
// makes a proper application role. The database is asked what that takes, and is left as it is.
#pragma once

#include "runner/command/revision.h"
#include "runner/isolation.h"

namespace steward::command {

struct IsolateOptions {
  isolation::Terms terms;
  std::string app_role;  // makes this role instead
  std::vector<std::string> schemas;
  bool online = false;  // in three revisions, the indexes built concurrently
  bool sql = false;     // the statements themselves instead of the call that makes them
  RevisionOptions revision;
};

// Throws Error(Exit::refused, "cannot_isolate") with what the server said; Error(Exit::usage) for
// flags that do not go together; and as new_revision().
Exit isolate(Session& session, const IsolateOptions& options);

}  // namespace steward::command
