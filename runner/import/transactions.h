// Transactions of a script's own. A step is a transaction already; what a script says about
// transactions itself is taken out where that changes nothing, and kept otherwise.
#pragma once

#include <vector>

#include "runner/import/history.h"

namespace steward::importer {

// A script wholly within one BEGIN and COMMIT loses the two. One with other transaction statements,
// or with a statement that PostgreSQL refuses in a transaction, gets transaction = false. What was
// changed is added to notices. Throws Error(Exit::usage): open_transaction when the script leaves
// one open, and what the splitter throws, with file and line.
void settle_transactions(Script& script, std::vector<Notice>& notices);

}  // namespace steward::importer
