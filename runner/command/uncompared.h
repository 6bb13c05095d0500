// What the verbs that compare schemas say of what they did not look at: a note for each reason,
// with the names, and the same for --json.
#pragma once

#include <vector>

#include "runner/command/session.h"
#include "runner/snapshot.h"

namespace steward::command {

// Of both sides, each thing once: [{"object": "subscription feed", "reason": "..."}].
Json tell_uncompared(Session& session, const std::vector<snapshot::Uncompared>& one,
                     const std::vector<snapshot::Uncompared>& other = {});

}  // namespace steward::command
