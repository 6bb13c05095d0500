// merge: a revision of several parents, which joins branches into one.
#pragma once

#include <string>
#include <vector>

#include "runner/command/session.h"

namespace steward::command {

struct MergeOptions {
  std::vector<std::string> revisions;  // targets; "heads" for all heads
  std::string message;
  std::vector<std::string> branch_labels;
  std::string rev_id;
};

// Throws Error(Exit::graph, "nothing_to_merge") for fewer than two revisions, and as
// new_revision().
Exit merge(Session& session, const MergeOptions& options);

}  // namespace steward::command
