// Predictions: the effects of a statement, and of a script, before anybody runs them.
#pragma once

#include <vector>

#include "runner/json.h"
#include "runner/safety/effects.h"
#include "runner/sql.h"

namespace steward::safety {

// The parser tells statements apart. What its grammar does not know is judged by the splitter's
// look at the words, and then known is false.
Effects effects_of(const sql::Statement& statement);
// Of a statement that was parsed: {"IndexStmt": {...}}.
Effects effects_of_tree(const Json& tree);

// False: no statement of this text runs outside a transaction. True: it has to be split to know.
bool may_hold_outsiders(std::string_view text);

// Whether it has to run outside a transaction: cheap for those that plainly do not.
bool runs_outside_transaction(const sql::Statement& statement);

// The strongest on each relation of all statements of a script, in the order they come; without
// those on relations that the script itself creates.
struct Summary {
  std::vector<Touch> touches;
  int statements = 0;
  int unknown = 0;  // statements about which nothing is predicted
  bool may_commit = false;
};
Summary summary_of(const sql::Source& script);

}  // namespace steward::safety
