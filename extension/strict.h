// Strict: refuses a member of role steward_strict the statements that an application has no need of
// and that tell of, or stand in the way of, other identities: cursors WITH HOLD, EXPLAIN, LOCK
// above ROW EXCLUSIVE, PREPARE, LISTEN, DROP OWNED. Being a member is nothing that the member can
// end. For every other statement, and for whoever is not a member, it costs one look at the
// statement's kind.
#pragma once

#include "extension/bridge.h"

namespace steward::strict {

// A utility statement is about to run. Throws Error 42501.
void check(Node* statement);

}  // namespace steward::strict
