// revision --autogenerate --with-rows: the generated change on a copy of the database's own rows.
#pragma once

#include <string>

#include "runner/command/session.h"
#include "runner/shadow.h"
#include "runner/witness.h"

namespace steward::command {

// Copies the database into a shadow on that server, runs there what the database has yet to run,
// and tries the claim, which leads from one schema to the other. limit: of what is copied, as
// "1GB". Throws Error(Exit::refused): what shadow::copy() and witness::try_on_copy() throw;
// rows_not_tried, when the database is not where its revisions lead, or they do not run on its
// rows.
void try_on_own_rows(Session& session, const url::Target& server, const witness::Claim& claim,
                     const snapshot::Snapshot& from, const snapshot::Snapshot& to,
                     const std::string& limit);

}  // namespace steward::command
