// heads: the revisions on disk that nobody revises.
#pragma once

#include "runner/command/session.h"

namespace steward::command {

Exit heads(Session& session);

}  // namespace steward::command
