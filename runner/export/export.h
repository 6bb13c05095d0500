// Export: the revisions as another tool's files. What the tool cannot hold is expressed in its way,
// told, or refused by name; docs/export.md describes it. Reads revision files; who writes is the
// verb.
#pragma once

#include "runner/export/migration.h"

namespace steward::exporter {

// The project's revisions in the files of that tool. values: of variables, for the tools that have
// none. Throws as migrations_of() and the formats.
Exported exported(Tool tool, const plan::Project& project, const variables::Values& values);

}  // namespace steward::exporter
