// Settings: steward.guard, which superusers set (and owners, through steward.set_guard), and
// steward.break_glass, which anybody sets, for a transaction alone. No other role can change the
// first for itself, by SET, by its connection's options or by ALTER ROLE.
#pragma once

#include "extension/bridge.h"

namespace steward::guard {

enum class Mode : std::uint8_t { off, warn, enforce };

// Called once, when the library is loaded. Reads no catalog of ours. Throws Error 42501 when the
// connection's options set the guard without the right to.
void define_settings();

Mode mode() noexcept;

// The reason given by SET LOCAL in this transaction; empty when there is none.
std::string_view reason() noexcept;
// A reason stands there, but for the session, the role or the database: it does not count.
bool has_lasting_reason() noexcept;

}  // namespace steward::guard
