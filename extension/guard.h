// Guard: what is done about DDL that does not come as a revision, that is, while no step is open.
// It is warned of and recorded, or refused (steward.guard); SET LOCAL steward.break_glass lets it
// through on the record. What a transaction did is kept here and written to the ledger right before
// its commit: history and schema agree, a rollback leaves no record, and the chain is held for no
// longer than the commit takes. Nobody waits for it: when a runner has the ledger, the record is
// left beside the chain, for the next row to take along.
#pragma once

#include "extension/guard/settings.h"

namespace steward::guard {

// A utility statement of this source text is about to run. Throws Error 42501 when it is refused.
void check(const PlannedStmt* statement, const char* text, ProcessUtilityContext level);

// The transaction is about to commit, or to be prepared. Throws Error ST005 when there is no ledger
// to hold what was let through on the record.
void before_commit(bool preparing);
// It has ended, whichever way.
void forget() noexcept;
// What a subtransaction did goes with it, or becomes its parent's.
void subtransaction_ended(SubTransactionId which, SubTransactionId parent, bool aborted) noexcept;

}  // namespace steward::guard
