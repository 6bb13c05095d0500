// The ledger as the runner sees it: what the database says is applied, read in at most two queries,
// and what may stand in the way (no extension, another version, a standby). docs/protocol.md names
// the objects that are read. Writes nothing but CREATE EXTENSION, when it is asked to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "runner/pg.h"

namespace steward::ledger {

// One applied revision.
struct Revision {
  std::int64_t seq = 0;
  std::string id;
  std::vector<std::string> parents;
  std::string message;
  std::string upgrade_checksum;    // empty: none was recorded
  std::string downgrade_checksum;  // empty: it had no such section, or none was recorded
  std::string action;              // upgrade, stamp, adopt, repair
  std::int64_t applied_at = 0;     // milliseconds since 1970, by the server's clock
  std::string applied_by;
};

// A step outside a transaction that was started and did not end.
struct OpenStep {
  std::string revision;
  std::string direction;
  int statements_done = 0;
  std::int64_t started_at = 0;  // milliseconds since 1970
};

struct State {
  int server_version = 0;         // as 150020
  std::string extension_version;  // empty: the extension is not there
  bool schema = false;            // schema steward is there, with the extension or without
  bool ledger = false;            // steward.ledger is there
  bool in_recovery = false;
  bool read_only = false;
  std::int64_t clock = 0;           // the server's when it answered, milliseconds since 1970
  std::int64_t local_clock = 0;     // this machine's when the answer came
  std::vector<Revision> revisions;  // oldest first
  std::vector<std::string> heads;
  std::vector<OpenStep> open_steps;

  bool extension() const { return !extension_version.empty(); }
  std::unordered_set<std::string> applied() const;
  const Revision* find(std::string_view id) const;  // nullptr: not applied
};

// Reads it. A database without the extension gives a state without revisions. Throws Error:
//   Exit::unreachable not_postgresql, server_too_old
//   Exit::refused     extension_older, extension_newer (what to type in the hint), no_privilege
//   Exit::integrity   ledger_missing (the extension is there and its ledger is not)
State read(pg::Connection& connection);

// Throws Error(Exit::unreachable): in_recovery, read_only. For verbs that write.
void require_writable(const State& state);

// Makes the extension when it is not there, and reads again. Throws Error(Exit::refused):
//   extension_unavailable  its files are not on the server
//   extension_forbidden    this role may not create it
void ensure_extension(pg::Connection& connection, State& state);

// The script that was recorded with an applied revision. direction: upgrade or downgrade. nullopt:
// none was recorded.
std::optional<std::string> script(pg::Connection& connection, const Revision& revision,
                                  std::string_view direction);

// A time of the ledger as it is shown: 2026-11-20 10:00:00Z.
std::string format_time(std::int64_t milliseconds);

// The end of the ledger as one text, to be kept where the database cannot reach it.
std::string anchor(pg::Connection& connection);

// How many statements of DDL by hand were recorded since the last revision (steward.unmanaged).
std::size_t unmanaged(pg::Connection& connection);

}  // namespace steward::ledger
