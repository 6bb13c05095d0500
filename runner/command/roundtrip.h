// roundtrip: each revision up, down and up again in a shadow, with the schema compared at each
// point.
#pragma once

#include "runner/command/session.h"

namespace steward::command {

// Exit::differences when a downgrade fails or does not restore the schema, or the second upgrade
// makes another one.
Exit roundtrip(Session& session);

}  // namespace steward::command
