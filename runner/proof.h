// The proof of a generated change: in a shadow that stands where the change begins, the upgrade is
// run and must arrive at the desired schema, then the downgrade, which must come back. Only what
// was proved is written.
#pragma once

#include <string>
#include <vector>

#include "runner/diff.h"
#include "runner/shadow.h"

namespace steward::proof {

struct Change {
  diff::Script upgrade;
  diff::Script downgrade;
  // Whether each can run in one transaction: a new value of an enum cannot be used in the one that
  // added it.
  bool upgrade_in_transaction = true;
  bool downgrade_in_transaction = true;
};

// The change between two schemas, proved; the shadow has the first one and has it again afterwards.
// Throws Error(Exit::refused): what diff::make throws; not_proved, with what is left over, or the
// statement that failed.
//
// renames: what has another name in the second schema (runner/rename.h); each may name what the one
// before it made.
Change prove(shadow::Shadow& shadow, const snapshot::Snapshot& from, const snapshot::Snapshot& to,
             const std::vector<std::string>& renames = {});

}  // namespace steward::proof
