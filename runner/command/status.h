// status: one screen that says where things stand: applied, pending, contradicted, left open.
#pragma once

#include "runner/command/session.h"

namespace steward::command {

struct StatusOptions {
  bool check = false;  // Exit::differences when something is pending
};

// Exit::integrity when files and ledger contradict each other.
Exit status(Session& session, const StatusOptions& options);

}  // namespace steward::command
