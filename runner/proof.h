// The proof of a generated change: in a shadow that stands where the change begins, the upgrade is
// run and must arrive at the desired schema, then the downgrade, which must come back. Only what
// was proved is written.
#pragma once

#include <string>
#include <vector>

#include "runner/diff.h"
#include "runner/renaming.h"
#include "runner/shadow.h"

namespace steward::proof {

struct Change {
  renaming::Renamed renamed;
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
Change prove(shadow::Shadow& shadow, const snapshot::Snapshot& from, const snapshot::Snapshot& to,
             const renaming::Wishes& wishes = {});

// A revision of a change that is made online, proved like the whole.
struct Stage {
  std::string message;  // empty: of the first, which is the change's own
  diff::Script upgrade;
  bool upgrade_in_transaction = true;
  std::string downgrade;
  bool downgrade_in_transaction = true;
};

struct OnlineChange {
  renaming::Renamed renamed;
  std::vector<Stage> stages;
  std::vector<std::string> unsafe;  // what keeps others waiting all the same, by name
};

// The same change in stages that keep nobody waiting, as far as there is a way. Each is run, and
// taken back, in the shadow. Throws as prove().
OnlineChange prove_online(shadow::Shadow& shadow, const snapshot::Snapshot& from,
                          const snapshot::Snapshot& to, const renaming::Wishes& wishes = {});

}  // namespace steward::proof
