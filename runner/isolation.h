// Isolation: what the verbs ask of steward.isolate, steward.application_role and
// steward.prove_isolation. Everything that decides is on the server; here are the words of the
// call, and its answer.
#pragma once

#include <string>
#include <vector>

#include "runner/pg.h"

namespace steward::isolation {

// What isolate() is given, as it was typed; what is empty is left to the server's defaults.
struct Terms {
  std::string relation;
  std::string owner_column;
  std::string owner_type;
  std::string references;
  std::string on_delete;
  std::string through;
  std::string backfill;
  std::string members;
  std::string members_group;
  std::string members_identity;
  std::string readers;
  std::string writers;
  std::vector<std::string> roles;
  std::vector<std::string> admins;
};

struct Action {
  int section = 1;  // online: 1 before, 2 outside a transaction, 3 after
  std::string what;
  std::string statement;
};

// "steward.isolate('task', through => 'list')". extra: more arguments, as SQL.
std::string call(const Terms& terms, const std::string& extra = "");

// What isolate() would do, nothing done; empty when the table is isolated on these terms. online:
// in sections. Throws Error(Exit::refused, "cannot_isolate") with what the server said.
std::vector<Action> plan(pg::Connection& connection, const Terms& terms, bool online);

// What a proper application role lacks, nothing done. Throws as plan().
std::vector<Action> plan_role(pg::Connection& connection, const std::string& role,
                              const std::vector<std::string>& schemas);

struct Attempt {
  std::string attempt;
  std::string outcome;  // held, leaked, residual, failed
  std::string detail;
};

// Whether the outcome means that isolation was not proved.
bool disproves(const Attempt& attempt);

// The isolated tables, by name.
std::vector<std::string> relations(pg::Connection& connection);

// Tries them all. role: empty for the table's own. Throws Error(Exit::refused, "cannot_prove").
std::vector<Attempt> prove(pg::Connection& connection, const std::string& relation,
                           const std::string& role);

// What is wrong with the isolation of this database, the worst first: the view steward.isolation.
struct Problem {
  std::string severity;  // error, warning, note
  std::string relation;  // empty: it concerns all
  std::string message;
  std::string hint;
};
std::vector<Problem> problems(pg::Connection& connection);

}  // namespace steward::isolation
