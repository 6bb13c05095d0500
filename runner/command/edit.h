// edit: a revision's file in the person's editor.
#pragma once

#include <string>

#include "runner/command/session.h"

namespace steward::command {

struct EditOptions {
  std::string target;
};

// VISUAL or EDITOR replaces this process. Throws Error(Exit::usage, "no_editor") when neither is
// set, Error(Exit::refused, "already_applied") for a revision that the database has: an edit would
// only contradict what was done.
Exit edit(Session& session, const EditOptions& options);

}  // namespace steward::command
