// branches: the revisions on disk from which several go on.
#pragma once

#include "runner/command/session.h"

namespace steward::command {

Exit branches(Session& session);

}  // namespace steward::command
