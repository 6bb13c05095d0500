// lint: what the safety rules find in revisions, before anybody runs them.
#pragma once

#include <string>
#include <vector>

#include "runner/command/session.h"

namespace steward::command {

struct LintOptions {
  std::vector<std::string> targets;  // files, directories, revisions; none: all unapplied, or all
  std::string fail_on = "error";     // error, warning, note, never
  std::string format = "text";       // text, json, sarif, github, junit
  bool fix = false;                  // write the safe form of unapplied revisions
  bool rules = false;                // list the rules instead
};

// Exit::refused when something is found at that level. A database is asked only when --url names
// one. Throws Error(Exit::usage) for an unknown format, level or file, and what reading throws.
Exit lint(Session& session, const LintOptions& options);

}  // namespace steward::command
