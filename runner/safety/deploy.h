// The rules over all revisions of one deploy: what no file shows by itself.
#pragma once

#include "runner/safety/lint.h"

namespace steward::safety {

// Of the revisions that the linter has looked at, in that order.
std::vector<Finding> deploy_findings(const Linter& linter);

}  // namespace steward::safety
