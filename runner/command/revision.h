// revision: a new, empty revision file on top of what is there.
#pragma once

#include <string>
#include <vector>

#include "runner/command/session.h"
#include "runner/revision/file.h"

namespace steward::command {

struct RevisionOptions {
  std::string message;
  std::string head;     // what it revises: a target, or base
  bool splice = false;  // it may revise what is no head
  std::vector<std::string> branch_labels;
  std::vector<std::string> depends_on;
  std::string rev_id;
};

// What is to stand in the new revision; empty for a new one to be filled in.
struct RevisionScripts {
  std::string upgrade;
  std::string downgrade;
  revision::Section upgrade_section;  // its options count
  revision::Section downgrade_section;
};

// transaction false: both sections run outside one.
RevisionScripts revision_scripts(std::string upgrade, std::string downgrade, bool transaction);

// Throws Error(Exit::graph): multiple_heads, not_a_head (without splice), and what Graph refuses of
// the new node; Error(Exit::usage): bad_revision_id.
Exit new_revision(Session& session, const RevisionOptions& options,
                  const RevisionScripts& scripts = {});

// What the options say it revises: the only head, when they say nothing. Throws as new_revision().
std::vector<std::string> chosen_parent(Session& session, const RevisionOptions& options);

struct Written {
  std::string id;
  std::filesystem::path path;
};

// Writes a revision with these parents, and reports it; the session reads its project again when it
// is next asked for. Throws as new_revision().
Written write_revision(Session& session, const RevisionOptions& options,
                       const std::vector<std::string>& parents,
                       const RevisionScripts& scripts = {});

// The same without a word.
Written write_file(Session& session, const RevisionOptions& options,
                   const std::vector<std::string>& parents, const RevisionScripts& scripts);

}  // namespace steward::command
