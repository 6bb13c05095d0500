// Parties: the sessions that wait for one another, and those that a runner waits for. Who they are,
// since when, with which query; passwords are left out of it. What the caller may not see of others
// the server says so itself.
#pragma once

#include <string>
#include <vector>

#include "runner/pg.h"

namespace steward::parties {

struct Party {
  std::string pid;
  std::string role;
  std::string application;  // or what it is, when it is no client: "autovacuum worker"
  std::string state;        // active, idle in transaction, ...
  double milliseconds = 0;  // how long: its transaction, or its query when it waits
  std::string query;        // on one line
  std::string waits_for;    // the pids it waits for, with commas; empty: nobody
};
using Parties = std::vector<Party>;

// Who holds this database's runner lock.
Parties holding_runner_lock(pg::Connection& connection);

// Who waits for a lock in this database, and who is waited for; the longest first.
Parties in_a_queue(pg::Connection& connection);

// Who else holds a lock on one of these relations (names as a script writes them; what is not there
// is passed over); the longest first, at most three.
Parties holding(pg::Connection& connection, const std::vector<std::string>& relations);

// "pid 4242 (psql, role app, idle in transaction for 12 min): SELECT ...", a line for each; empty
// for nobody.
std::string told(const Parties& parties);

}  // namespace steward::parties
