#include "extension/locks.h"

namespace steward {
namespace {

LOCKTAG runner_tag() {
  LOCKTAG tag;
  SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, static_cast<uint32>(lock_key >> 32),
                       static_cast<uint32>(lock_key), 1);
  return tag;
}

LOCKMODE strongest(LOCKMASK mask) {
  LOCKMODE mode = AccessExclusiveLock;
  while (mode > NoLock && !(mask & LOCKBIT_ON(mode))) --mode;
  return mode;
}

// Room for what a walk finds, made before it: nothing may be allocated while it runs. Returns how
// many there were; more than fit means the room was too small.
std::size_t collect(const HeldLocks& held, std::vector<TakenLock>& found) {
  std::size_t count = 0;
  pg::each_held_lock([&](Oid relation, LOCKMASK mask) {
    auto known = held.find(relation);
    LOCKMASK fresh = known == held.end() ? mask : mask & ~known->second;
    if (!fresh) return;
    if (count < found.size()) found[count] = {relation, static_cast<LOCKMODE>(fresh)};
    ++count;
  });
  return count;
}

}  // namespace

bool try_runner_lock(bool for_session) {
  LOCKTAG tag = runner_tag();
  return call([&] { return LockAcquire(&tag, ExclusiveLock, for_session, true); }) !=
         LOCKACQUIRE_NOT_AVAIL;
}

void take_runner_lock(bool for_session) {
  if (!try_runner_lock(for_session))
    throw Error("55P03", "another runner is at work on this database", "",
                "Wait until it is done. Who it is: SELECT pid FROM pg_locks WHERE locktype = "
                "'advisory' AND classid = 1937007991;");
}

bool holds_runner_lock() {
  return pg::holds_advisory_lock(runner_tag());
}

// Not through call(): it also runs while a transaction is being aborted, and does not ereport.
void release_session_lock() noexcept {
  LOCKTAG tag = runner_tag();
  LockRelease(&tag, ExclusiveLock, true);
}

std::vector<TakenLock> newly_taken(HeldLocks& held) {
  std::vector<TakenLock> found(64);
  std::size_t count = collect(held, found);
  while (count > found.size()) {
    found.resize(count * 2);
    count = collect(held, found);
  }
  found.resize(count);
  for (TakenLock& lock : found) {
    auto fresh = static_cast<LOCKMASK>(lock.mode);
    held[lock.relation] |= fresh;
    lock.mode = strongest(fresh);
  }
  return found;
}

}  // namespace steward
