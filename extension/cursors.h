// Cursors: those that are held, WITH HOLD, after the transaction that declared them. The next
// client of a pooled connection could read them, so they go when an identity comes and when it
// ends.
#pragma once

#include "extension/bridge.h"

namespace steward::cursors {

// A cursor is about to be declared, with these options.
void declared(int options) noexcept;

// Closes the held ones, and says so at this level of message, with why as its detail. Costs nothing
// when none was declared WITH HOLD. What this transaction declared is its own and stays until it
// commits; so does the cursor of a loop in a procedure, which nobody else can reach.
void close_held(int level, const char* why);

}  // namespace steward::cursors
