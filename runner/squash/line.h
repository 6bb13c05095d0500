// The line: the revisions of a range as one row without branches, and whether anything from outside
// points into it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runner/plan.h"

namespace steward::squash {

using Members = std::vector<const revision::File*>;

// The revisions from A to B of `A:B`, both included, oldest first; an empty side is the base, or
// the head. Throws as revision::range() and Error(Exit::graph): nothing_to_squash for fewer than
// two, not_a_line for a branch or a merge within, points_inside for a label or a dependency of
// another revision that names one of them other than the last, whose id stays.
Members line_of(const plan::Project& project, std::string_view range);

}  // namespace steward::squash
