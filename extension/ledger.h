// Ledger: the door to steward.ledger for the C++ side. What a row holds and how it is chained is
// SQL (sql/record.sql); here it is called in the name of the ledger's owner.
#pragma once

#include "extension/spi.h"

namespace steward::ledger {

// The fields of a step that this side works with (steward.check_step).
struct Checked {
  std::string heads;  // JSON array: the heads once the step is recorded
  std::string revision;
  std::string direction;
  std::string file;
  int line = 1;
  bool transactional = true;
  bool progress = false;  // the caller wants to hear of it while it waits
  std::string upgrade_checksum;
  std::string downgrade_checksum;
  std::string run;     // the runner's invocation
  bool first = false;  // of its steps
  bool last = false;
};

struct Row {
  std::int64_t seq = 0;
  std::string hash;  // hex
};

// The relation steward.ledger; throws Error (ledger_broken) when it is missing or not its owner's.
Oid relation();
// The same without complaint: InvalidOid when it is missing.
Oid relation_if_any();
// Whether rows can be added: the tables are there and their owner's. In a restore they come and go.
bool is_writable();
// Whether they can be added to the chain: a ledger without its key is being restored.
bool has_key();
// Whether the relation keeps the history; whether the trigger is one that protects it.
bool is_history(Oid relation);
bool is_guard(Oid trigger);

// Whether the step may be taken now. step: jsonb. Throws what steward.check_step raises.
Checked check(Datum step);

// Whether the schema is what the ledger last recorded; warns the client when it is known not to be.
bool schema_is_as_recorded();
// Of the schema as it is now; empty, and a warning, when it cannot be had.
std::string fingerprint();

// Adds a row. step: jsonb, what the runner said; outcome: a JSON object, what this side knows.
Row append(Datum step, const std::string& outcome);

// Adds a row for what was done outside of any step; both JSON objects, as for append. Chained: the
// caller holds the runner lock. Otherwise the row is left in steward.unchained, for the next one to
// take along: that needs neither the lock nor the extension's functions, which may be gone.
void append_unmanaged(const std::string& entry, const std::string& outcome, bool chained);

// Adds a piece to the script of this checksum; pieces count from 1.
void keep_piece(const std::string& checksum, int piece, Datum body);
bool keeps(const std::string& checksum);
// SHA-256 (hex) of a script kept in this many pieces.
std::string checksum_of_pieces(const std::string& checksum, int pieces);

}  // namespace steward::ledger
