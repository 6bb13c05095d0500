// The one sort of a diff: every action after what it needs and before what it stands in the way of;
// where that leaves a choice, by rank and name, so that the same two schemas give the same script.
#pragma once

#include <vector>

#include "runner/diff/action.h"

namespace steward::diff {

struct Order {
  std::vector<std::size_t> sequence;  // positions in the given actions
  std::vector<std::size_t> cycle;     // those that could not be placed; empty: all are
};

Order order(const std::vector<Action>& actions);

}  // namespace steward::diff
