// locks: who holds the runner lock, and who waits for whom, with what they are doing and since
// when.
#pragma once

#include "runner/command/session.h"

namespace steward::command {

// Exit::done whoever waits. Passwords in the statements shown are left out.
Exit locks(Session& session);

}  // namespace steward::command
