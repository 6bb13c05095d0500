// Excerpt: a DDL statement's own text, as far as it may be recorded: cut to a length, and up to the
// first value of a statement that may hold a password. Nothing is scanned or guessed to tell a
// secret from other text: what such a statement says after its first quote is never kept.
#pragma once

#include "extension/bridge.h"

namespace steward::guard {

// Bytes of a statement that are kept.
inline constexpr std::size_t longest_excerpt = 2000;

// Whether the statement is of a kind that is given passwords or other secrets.
bool may_hold_secret(const Node* statement) noexcept;

// text: the whole source that the statement stands in. Empty when it is not known where.
std::string excerpt(const PlannedStmt* statement, const char* text);

}  // namespace steward::guard
