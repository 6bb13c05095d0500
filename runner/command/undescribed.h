// Spec-first: which revision did what the spec does not describe. The revisions are run one after
// the other in a shadow, and each object that differs from the spec is put down to the last one
// that touched it.
#pragma once

#include <string>
#include <vector>

#include "runner/command/session.h"

namespace steward::command {

// Prints a line for each such revision, in their order, with its objects. differences: as
// diff::summary() has them. Returns the same as JSON: revision, file, objects.
Json tell_undescribed(Session& session, const std::vector<std::string>& differences);

}  // namespace steward::command
