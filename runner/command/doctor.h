// doctor: looks at everything a migration needs, goes on after what is wrong, and says what to
// type.
#pragma once

#include "runner/command/session.h"

namespace steward::command {

// The exit code of the first thing that is wrong; Exit::done when nothing is.
Exit doctor(Session& session);

}  // namespace steward::command
