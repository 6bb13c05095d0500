// Walking: from one revision to another, step by step, along parents and children. What the
// relative targets are made of.
#pragma once

#include <string>

#include "runner/revision/graph.h"

namespace steward::revision {

class Walk {
 public:
  // branch: where a step could go several ways, those that are on it; nullptr: any. beyond: what is
  // done at the end of the history.
  enum class Beyond { fails, stays };
  explicit Walk(const Graph& graph, const IdSet* branch = nullptr, Beyond beyond = Beyond::fails)
      : graph_(graph), branch_(branch), beyond_(beyond) {}

  // From a revision, or base when it is empty, this many steps up (positive) or down. Empty: base.
  // Throws Error(Exit::graph): too_far, ambiguous_revision.
  std::string operator()(const std::string& start, long steps) const;

 private:
  bool step(std::string& place, bool up) const;
  Ids ways(const std::string& place, bool up) const;

  const Graph& graph_;
  const IdSet* branch_;
  Beyond beyond_;
};

}  // namespace steward::revision
