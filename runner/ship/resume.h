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
};

Resumed find_open_step(pg::Connection& connection, const plan::Step& step);

// Whether the statement at which the step was interrupted has taken effect. A CREATE INDEX
// CONCURRENTLY has when its index is there and valid; an INVALID one is dropped, so that it can be
// built again. A DROP INDEX CONCURRENTLY has when its index is gone. Of others nothing is known:
// false.
bool done_already(pg::Connection& connection, const sql::Statement& statement);

// Whether it changes the session, and so must be run again when a step is resumed in a new one: SET
// and RESET, but for those that end with the transaction.
bool sets_session(const sql::Statement& statement);

// Whether the mark that it is done can be part of its transaction, so that no kill comes between
// the two. Not so for what runs in no transaction, or may end one: a procedure, a DO block.
bool commits_with_its_mark(const sql::Statement& statement);

// The name in a DROP INDEX CONCURRENTLY as written; "" for any other statement, and for one that
// does no harm the second time. Exposed for its test.
std::string dropped_index(const sql::Statement& statement);

// The names in a CREATE INDEX CONCURRENTLY, as written: the index's ("" when the server chooses it)
// and the table's. nullopt for any other statement. Exposed for its test.
struct ConcurrentIndex {
  std::string name;
  std::string table;
};
std::optional<ConcurrentIndex> concurrent_index(const sql::Statement& statement);

}  // namespace steward::ship
