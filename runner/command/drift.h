// drift: what of the database's schema did not come from the revisions applied to it: each object
// with both definitions, who touched it last, and on request the revision that accepts it or undoes
// it. It changes nothing in the schema.
#pragma once

#include <string>

#include "runner/command/session.h"

namespace steward::command {

struct DriftOptions {
  bool sql = false;     // also the statements that would lead back
  bool adopt = false;   // write the revision that accepts it, and stamp it here
  bool revert = false;  // write the revision that undoes it
  bool allow_destructive = false;
  std::string message;  // of that revision; empty: says which
};

// Exit::differences when there is drift; Exit::done when it was written as a revision. Throws
// Error(Exit::refused): destructive (revert would lose data, and is not allowed to), what
// proof::prove() throws; Error(Exit::differences): pending, for adopt and revert;
// Error(Exit::locked, "schema_moved") when the schema changed meanwhile.
Exit drift(Session& session, const DriftOptions& options);

}  // namespace steward::command
