// Locks: the runner lock, and the locks that a statement took.
#pragma once

#include "extension/bridge.h"

namespace steward {

// The advisory lock that a runner holds while it writes the ledger: steward.lock_key() in SQL.
inline constexpr std::int64_t lock_key = 8319385975070548992;

// Tries it, for the transaction or for the session, and never waits. Throws Error 55P03 when it is
// taken.
void take_runner_lock(bool for_session);
bool try_runner_lock(bool for_session);  // false when it is taken
bool holds_runner_lock();
void release_session_lock() noexcept;  // only when it is held

// The relations this backend holds locks on, and in which modes.
using HeldLocks = std::unordered_map<Oid, LOCKMASK>;

struct TakenLock {
  Oid relation;
  LOCKMODE mode;  // the strongest of those that are new
};

// What is held now and was not in `held`, which is brought up to date.
std::vector<TakenLock> newly_taken(HeldLocks& held);

}  // namespace steward
