// Drift: what of a database's schema did not come from its revisions, object by object, with both
// definitions as text, the row of the ledger that last touched it, and the DDL by hand that the
// guard saw.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runner/json.h"
#include "runner/pg.h"
#include "runner/snapshot.h"

namespace steward::drift {

// One fact that differs: the object itself, or a column, a constraint, an index of it.
struct Part {
  std::string id;
  char change;           // '+': only in the database, '-': only in the revisions, '~': differs
  std::string recorded;  // its definition as the revisions make it, an attribute a line
  std::string live;
};

// The row of the ledger that last touched the object.
struct Row {
  std::int64_t seq = 0;  // 0: none did
  std::string action;
  std::string revision;
  std::int64_t at = 0;  // milliseconds since 1970
};

// A statement that did not come as a revision and names the object.
struct ByHand {
  std::string statement;
  std::string who;
  std::int64_t at = 0;
};

struct Object {
  std::string id;    // "table public.task"
  std::string name;  // as the ledger and the guard name it: "public.task"
  char change;
  std::vector<Part> parts;  // itself first, then in the order of their names
  Row last;
  std::vector<ByHand> by_hand;  // oldest first
};

// What differs between what the revisions make and what is there. Pure.
std::vector<Object> compare(const snapshot::Snapshot& recorded, const snapshot::Snapshot& live);

// Looks up what the ledger knows of each: last and by_hand. Functions and types are locked by
// nothing, so for them the last row counts whose script has the name.
void look_up(pg::Connection& connection, std::vector<Object>& objects);

// What steward.schema_state() says: unchanged, changed, or unknown.
std::string state(pg::Connection& connection);
// steward.tally(): another one, and the schema was touched.
std::string tally(pg::Connection& connection);
// The fingerprints of these objects in the database, as steward.has_objects() takes them.
Json fingerprints(pg::Connection& connection, const std::vector<Object>& objects);
// Tells the database that its schema of that tally is what its revisions make, where the role may.
void remember(pg::Connection& connection, const std::string& tally);

}  // namespace steward::drift
