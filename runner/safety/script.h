// A script as rules look at it: its statements with their trees, their actions and their effects,
// and how the section will be run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runner/safety/action.h"
#include "runner/safety/effects.h"
#include "runner/sql.h"

namespace steward::safety {

// A comment `-- allow: rule reason` right above a statement, or a line of a revision's header.
struct Allowed {
  std::string rule;
  std::string reason;
  std::uint64_t line = 0;
  int statement = 0;  // the one below it; 0: the whole revision
};

struct Statement {
  int number = 0;
  std::uint64_t line = 0;  // of the file, where its first word is
  std::string text;        // from its first word on, without the ';'
  std::string kind;        // the tree's node, "IndexStmt"; empty when the grammar does not know it
  std::string words;       // its first words, upper case
  std::shared_ptr<const Json> tree;  // what actions point into
  std::vector<Action> actions;       // at least one
  Effects effects;                   // as the text says; see refine.h
  bool outside = false;              // PostgreSQL refuses it in a transaction
};

struct Script {
  std::string revision;
  std::string file;
  std::string lock_timeout;       // in force when the section begins
  std::string statement_timeout;  // likewise
  bool transaction = true;
  std::uint64_t unread = 0;  // bytes: it was too long to be read, and has no statements here
  std::vector<Statement> statements;
  std::vector<Allowed> allowed;
};

// Adds the statements of a section. line: of the file, where the text begins. Throws what the
// splitter throws.
void read_statements(Script& script, const std::string& text, std::uint64_t line);

}  // namespace steward::safety
