// Effects: what a statement will do to what is there already, predicted from its text alone: the
// locks it takes, whether it reads or rewrites a whole table, whether it can run in a transaction.
// The table was measured on PostgreSQL 15 (docs/effects.md); where it depends on what only the
// database knows, the worse is said. Rules about statements stand on this room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace steward::safety {

// PostgreSQL's lock modes, weakest first; `none` for what takes no lock of a relation.
enum class Lock {
  none,
  access_share,
  row_share,
  row_exclusive,
  share_update_exclusive,
  share,
  share_row_exclusive,
  exclusive,
  access_exclusive,
};

std::string_view name_of(Lock lock);  // "AccessExclusiveLock", as pg_locks has it

struct Touch {
  std::string relation;  // as written
  Lock lock = Lock::none;
  bool scans = false;     // reads all of it while it holds the lock
  bool rewrites = false;  // writes all of it anew, and its indexes
};

struct Effects {
  bool known = true;        // false: this room says nothing about such a statement
  bool outside = false;     // PostgreSQL refuses it inside a transaction
  bool may_commit = false;  // a procedure or a DO block: it may end the transaction it runs in
  std::vector<std::string> creates;  // relations that are new, and so in nobody's way
  std::vector<Touch> touches;
};

}  // namespace steward::safety
