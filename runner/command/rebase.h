// rebase: several heads become one row: revisions that are not applied yet are put behind the head
// that stays, by rewriting their parents.
#pragma once

#include <string>

#include "runner/command/session.h"

namespace steward::command {

struct RebaseOptions {
  std::string onto;  // empty: the head that is applied, or else the one created first
};

// Throws Error(Exit::refused, "already_applied") when a revision that would have to move is
// applied.
Exit rebase(Session& session, const RebaseOptions& options);

}  // namespace steward::command
