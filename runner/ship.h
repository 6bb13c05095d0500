// Shipping: a plan's steps go to the server, each with its ledger row in its own transaction. Steps
// are joined into few messages, so that a thousand revisions cost a handful of round trips; those
// that cannot be joined are streamed. docs/protocol.md is the contract.
#pragma once

#include "runner/config.h"
#include "runner/report/progress.h"
#include "runner/ship/outcome.h"
#include "runner/ship/script.h"

namespace steward::ship {

struct Options {
  Settings settings;
  bool atomic = false;            // all steps in one transaction
  bool rehearse = false;          // the same, rolled back at its end
  bool create_extension = false;  // in that transaction, for a rehearsal
  std::string records;            // rows of the ledger, recorded first in it, for a rehearsal
  std::chrono::milliseconds lock_wait = config::default_lock_wait;  // for another runner
  int retries = 8;         // of a step, after a lock timeout or a deadlock
  std::string direct_url;  // to be advised when a pooler is in the way; empty: none is known
  Connect reconnect;       // for a connection lost at COMMIT
};

// What a step that was rehearsed did; statements is the JSON of the ledger's column.
struct Rehearsed {
  double milliseconds = 0;
  std::string statements;
};

struct Shipped {
  std::size_t steps = 0;
  std::string anchor;  // the ledger's end, as steward.anchor() returns it
  std::vector<Rehearsed> rehearsed{};
};

// Ships all steps of the plan, or throws having rolled back what was not committed:
//   Exit::locked        runner_locked: another runner held the lock longer than lock_wait
//   Exit::locked        heads_moved: the history changed since the plan was made; plan again
//   Exit::failed        step_failed, verify_failed: with the place; the steps before it are applied
//   Exit::partial       step_failed outside a transaction; what was done of it is recorded
//   Exit::lock_timeout  lock_timeout, after the retries
//   Exit::unknown       outcome_unknown
//   Exit::unreachable   connection_lost: it is known what was committed, and said
//   Exit::usage         not_atomic: a step of an atomic or rehearsed plan runs outside one
//   Exit::unreachable   pooled: a step outside a transaction, and a pooler shares sessions
//   Exit::interrupted, Exit::terminated
Shipped ship(pg::Connection& connection, const plan::Plan& plan, const Options& options,
             report::Progress& progress);

}  // namespace steward::ship
