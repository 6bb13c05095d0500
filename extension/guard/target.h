// Target: what a DDL statement is about to touch, read from its parse tree before it runs: enough
// to name it, to know that it is temporary, and to find the schema a waiver speaks of. What the
// tree does not say is not guessed: a statement without known targets is never free.
#pragma once

#include "extension/bridge.h"

namespace steward::guard {

struct Target {
  std::string
      schema;  // empty: an object that is in none, or whose schema the statement leaves open
  std::string name;
  bool temporary = false;

  std::string text() const { return schema.empty() ? name : schema + "." + name; }
};

struct Targets {
  std::vector<Target> all;
  // For what is done to a partition: its parent; empty otherwise.
  std::string partitioned;

  bool temporary() const noexcept;
};

// No lock is taken: between two sessions that would only be raised to the statement's own later.
Targets targets_of(Node* statement);

}  // namespace steward::guard
