// The diff: two snapshots in, ordered statements out. The way back is the diff in the other
// direction. Pure: it asks no database. docs/diff.md follows one change through it.
#pragma once

#include <string>
#include <vector>

#include "runner/snapshot.h"

namespace steward::diff {

struct Statement {
  std::string sql;      // without the last semicolon
  std::string loss;     // what data it may destroy; empty: none
  std::string note;     // what else a person should know; empty: nothing
  std::string about{};  // the id of the fact it makes, destroys or changes
};

struct Script {
  std::vector<Statement> statements;
  std::vector<std::string> warnings;  // what the script cannot say, by name
  bool empty() const { return statements.empty(); }
  bool destructive() const;
  std::string losses() const;    // what it destroys and by which statement, a line each
  std::string preamble() const;  // a statement to run before all, with its semicolon; empty: none
};

// What leads from one schema to the other. Throws Error(Exit::refused):
//   diff_unmodelled  a kind of object that is not modelled differs, by name
//   diff_cycle       no order of the statements was found: a fault of a rule, with the objects
Script make(const snapshot::Snapshot& from, const snapshot::Snapshot& to);

// What differs, an object a line: "+ table public.a", "- column public.b.c", "~ function ...".
std::vector<std::string> summary(const snapshot::Snapshot& from, const snapshot::Snapshot& to);

// The statements as a script: what may destroy data with a comment before it.
std::string to_text(const Script& script);

}  // namespace steward::diff
