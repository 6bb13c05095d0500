// What a schema should be, as statements that may stand in any order: each with the place it came
// from, run when what it needs is there. PostgreSQL alone judges them; a statement that never runs
// is told with its reason. Knows no file format.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "runner/error.h"
#include "runner/pg.h"
#include "runner/sql.h"

namespace steward::desired {

struct Statement {
  std::string sql;
  std::string words;    // its first words, upper case
  std::string data{};   // the rows of a COPY
  Place place{};        // where it was written
  std::string about{};  // what it says something of: "table tasks, column title"; empty: unknown
  std::string chain{};  // statements of one chain run in their order; empty: of none
  std::vector<Place> lines{};  // where each line of it was written, when they are not of one place
  bool at_the_end = false;     // only when everything else is there
};

// The server refused one: Exit::failed, "shadow_statement_failed", with the place.
class StatementFailed : public Error {
 public:
  StatementFailed(const Error& error, pg::Failure reason)
      : Error(error), failure(std::move(reason)) {}
  pg::Failure failure;
};

// The statements of a script. Throws as sql::Splitter.
std::vector<Statement> statements_of(const sql::Source& source, const std::string& file,
                                     std::uint64_t line = 1);

// Runs one. Throws StatementFailed.
void run(pg::Connection& connection, const Statement& statement);

// Runs all of them. What needs something that is not there yet is tried again, under the
// search_path it stood in, when the rest has run. Throws as run(): what
// is wrong, what is nowhere declared, or which statements wait for each other.
//
// before: called with each statement before it is tried.
void settle(pg::Connection& connection, std::vector<Statement> statements,
            const std::function<void(const Statement&)>& before);

}  // namespace steward::desired
