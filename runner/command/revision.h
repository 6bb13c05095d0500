// revision: a new, empty revision file on top of what is there.
#pragma once

#include <string>
#include <vector>

#include "runner/command/session.h"

namespace steward::command {

struct RevisionOptions {
  std::string message;
  std::string head;     // what it revises: a target, or base
  bool splice = false;  // it may revise what is no head
  std::vector<std::string> branch_labels;
  std::vector<std::string> depends_on;
  std::string rev_id;
};

// Throws Error(Exit::graph): multiple_heads, not_a_head (without splice), and what Graph refuses of
// the new node; Error(Exit::usage): bad_revision_id.
Exit new_revision(Session& session, const RevisionOptions& options);

// What a revision begins with, where a verb writes more than an empty one.
struct Contents {
  std::string upgrade;
  std::string downgrade;
  bool transaction = true;  // of both sections
};

// What the options say it revises: the only head, when they say nothing. Throws as new_revision().
std::vector<std::string> chosen_parent(Session& session, const RevisionOptions& options);

struct Written {
  std::string id;
  std::filesystem::path path;
};

// Writes a revision with these parents, and reports it. The session's project does not know it.
Written write_revision(Session& session, const RevisionOptions& options,
                       const std::vector<std::string>& parents, const Contents& contents = {});

}  // namespace steward::command
