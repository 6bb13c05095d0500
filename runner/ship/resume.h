// Resuming: where an interrupted step outside a transaction goes on, judged by what is in the
// database.
#pragma once

#include "runner/pg.h"
#include "runner/plan.h"
#include "runner/sql.h"

namespace steward::ship {

struct Resumed {
  bool open = false;        // the step was started before and did not end
  int statements_done = 0;  // as it recorded
  // The next statement failed because what it makes was there already: made by somebody else, it is
  // no proof that the statement took effect.
  bool found_taken = false;
};

Resumed find_open_step(pg::Connection& connection, const plan::Step& step);

// Whether it changes the session, and so must be run again when a step is resumed in a new one: SET
// and RESET, but for those that end with the transaction.
bool sets_session(const sql::Statement& statement);

// Whether the mark that it is done can be part of its transaction, so that no kill comes between
// the two. Not so for what runs in no transaction, or may end one: a procedure, a DO block.
bool commits_with_its_mark(const sql::Statement& statement);

}  // namespace steward::ship
