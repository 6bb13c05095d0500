// The verbs of the spec: export writes it from a schema, check compares a database, or the
// revisions, with it.
#pragma once

#include <string>

#include "runner/command/session.h"

namespace steward::command {

struct SpecExportOptions {
  std::string directory;  // empty: that of the project's spec
  std::string from;       // a schema as diff takes it; empty: the database
  bool force = false;     // write pages anew that say something else
};

struct SpecCheckOptions {
  std::string spec;        // a directory or a page; empty: the project's
  bool revisions = false;  // compare the revisions, not the database
};

// Writes the pages after they were read back, built and compared with the schema. What they lack
// then is named: Exit::differences. Throws as spec::describe(), spec::write_pages(), and
// Error(Exit::refused, "spec_not_proved") when what would be written does not build.
Exit spec_export(Session& session, const SpecExportOptions& options);

// Exit::differences, with the names, when they differ. Throws Error(Exit::usage, "no_spec").
Exit spec_check(Session& session, const SpecCheckOptions& options);

}  // namespace steward::command
