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

// Writes a revision with these parents and says so; shared with merge. Returns its path.
std::filesystem::path write_revision(Session& session, const RevisionOptions& options,
                                     const std::vector<std::string>& parents);

// What a revision that is not empty begins with.
struct Scripts {
  std::string upgrade;
  std::string downgrade;
  bool transaction = true;  // false: both sections run outside one
};
struct WrittenRevision {
  std::string id;
  std::filesystem::path path;
};
// The same with scripts in it, without a word; for verbs that write revisions of their own. Parents
// may be revisions that were written since the project was read.
WrittenRevision write_revision_file(Session& session, const RevisionOptions& options,
                                    const std::vector<std::string>& parents,
                                    const Scripts& scripts);

// What a new revision revises: the head, or what --head names. Throws as new_revision().
std::vector<std::string> chosen_parent(Session& session, const RevisionOptions& options);

}  // namespace steward::command
