// revision --autogenerate and check: the difference between what the revisions make and what the
// schema should be, as a proved revision or as an exit code.
#pragma once

#include <string>
#include <vector>

#include "runner/command/renames.h"
#include "runner/command/revision.h"

namespace steward::command {

struct AutogenerateOptions {
  bool wanted = false;  // --autogenerate was given
  std::string schema;   // where the desired schema is; empty: schema/ or schema.sql
  RenameOptions renames;
  bool allow_destructive = false;
  bool online = false;  // in as many revisions as it takes to keep nobody waiting
};

// Writes the revision, or nothing when nothing differs. Throws Error(Exit::refused): destructive
// (with what would be lost, unless allowed), and what proof::prove() throws.
Exit autogenerate(Session& session, const RevisionOptions& revision,
                  const AutogenerateOptions& options);

// Exit::differences, with the names, when revisions and desired schema differ.
Exit check(Session& session, const AutogenerateOptions& options);

}  // namespace steward::command
