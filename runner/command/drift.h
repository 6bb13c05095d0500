// drift: what of the database's schema did not come from the revisions applied to it.
#pragma once

#include "runner/command/session.h"

namespace steward::command {

struct DriftOptions {
  bool sql = false;  // also the statements that would lead back
};

// Exit::differences when there is drift.
Exit drift(Session& session, const DriftOptions& options);

}  // namespace steward::command
