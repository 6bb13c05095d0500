// squash: a row of revisions becomes one, with the id of the last; the old files are kept beside
// the others for databases that stand within the row. Nothing is written before a shadow has shown
// that old and new make the same schema, and come back to the same one.
#pragma once

#include <string>

#include "runner/command/session.h"

namespace steward::command {

struct SquashOptions {
  std::string range;    // A:B, both included
  std::string message;  // of the squashed revision
  bool split = false;   // cut the range where it cannot be one
  bool no_proof = false;
};

// Throws as squash::line_of() and squash::require_one(), Error(Exit::refused, "not_proved") with
// what differs, and as the shadow.
Exit squash(Session& session, const SquashOptions& options);

}  // namespace steward::command
