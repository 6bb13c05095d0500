// Online: the statements of a diff in the form that keeps nobody waiting, as stages that are
// revisions of their own: indexes built CONCURRENTLY, constraints added NOT VALID and validated
// once that is committed, NOT NULL proved by a CHECK first, keys by an index that is there, a
// column of another type filled beside the old one. Pure; what the stages do is proved in
// runner/proof.
#pragma once

#include <string>
#include <vector>

#include "runner/diff.h"

namespace steward::online {

struct Stage {
  std::string message;      // what it is for: "Validate task_owner_fkey"
  bool transaction = true;  // false: its statements run outside one, each by itself
  std::vector<diff::Statement> statements;
  std::string undo{};  // its way back, but for what the diff still finds; empty: that alone
};

struct Plan {
  std::vector<Stage> stages;           // in this order
  std::vector<std::string> reasons{};  // why a column is not filled beside the old one, by name
};

// What writes every row of a table anew, as an index into the script's statements: runner/safety
// predicts it, and that room is not known here.
struct Rewrites {
  std::vector<bool> statement;
  int server_version = 0;  // as 150020
};

Plan plan(const diff::Script& script, const snapshot::Snapshot& from, const snapshot::Snapshot& to,
          const Rewrites& rewrites);

}  // namespace steward::online
