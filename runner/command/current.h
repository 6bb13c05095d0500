// current: where the database stands.
#pragma once

#include "runner/command/session.h"

namespace steward::command {

struct CurrentOptions {
  bool check_heads = false;
};

// Exit::differences with check_heads when the database is not at all heads.
Exit current(Session& session, const CurrentOptions& options);

}  // namespace steward::command
