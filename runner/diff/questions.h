// What the comparison asks of the rules, for two schemas: whether a change can be made in place,
// and what becomes of what stands on something that makes way. Here is what no rule of one kind can
// know alone: families of tables, values inside of values, keys of partitions.
#pragma once

#include <set>
#include <string>

#include "runner/diff/plan.h"

namespace steward::diff {

// forced: what is to be made again though it could be changed in place. All three are to outlive
// the questions.
Questions questions(const Snapshot& from, const Snapshot& to, const std::set<std::string>& forced);

}  // namespace steward::diff
