// Identity: whom the current transaction acts for. A variable in the backend's own memory, which no
// setting reaches: sealed by the first act_as, it stays until the top-level transaction has ended,
// whatever savepoints are rolled back, and is gone in the next one. A parallel worker has none;
// what reads it is PARALLEL RESTRICTED. An admin's transaction acts for nobody and sees everything;
// who may begin one, and how that is recorded, is SQL (sql/admin.sql).
#pragma once

#include "extension/spi.h"

namespace steward::identity {

// Bytes an identity may have: what OpenID Connect allows a subject (Core 1.0, section 2).
inline constexpr std::size_t longest = 255;

// Seals the transaction for who. The same again does nothing. Throws Error: 22023 for what is no
// identity, 42501 when the transaction acts for another.
void seal(std::string_view who);

// Seals it for an admin, who reaches every row of the tables that let admins. Throws Error 42501.
void seal_admin();

// The transaction is about to commit: cursors WITH HOLD do not outlive the identity. Throws.
void before_commit();
// It has ended, whichever way.
void forget() noexcept;
// A subtransaction has ended: what steward.prove_as() set in it goes with it.
void subtransaction_ended(SubTransactionId which) noexcept;

}  // namespace steward::identity
