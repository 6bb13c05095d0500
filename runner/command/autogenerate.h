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
  std::string schema;   // where the desired schema is; empty: see desired_source()
  RenameOptions renames;
  bool allow_destructive = false;
  bool online = false;  // in as many revisions as it takes to keep nobody waiting
  std::string referee =
      "auto";  // pg_dump, too, has to agree: auto (when it is here), always, never
  // On which rows the change is tried: generated, copy (the database's own) or none; empty: as
  // [autogenerate] says.
  std::string rows;
  std::string rows_limit;  // of a copy, as "1GB"; empty: likewise
};

// Writes the revision, or nothing when nothing differs. Throws Error(Exit::refused): destructive
// (with what would be lost, unless allowed), and what proof::prove() throws.
Exit autogenerate(Session& session, const RevisionOptions& revision,
                  const AutogenerateOptions& options);

// Exit::differences, with the names, when revisions and desired schema differ; with a spec, also
// the revisions whose effect it does not describe.
Exit check(Session& session, const AutogenerateOptions& options);

}  // namespace steward::command
