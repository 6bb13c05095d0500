// The verbs that write revisions, and those that compare schemas.
#pragma once

#include "runner/cli/verb.h"

namespace steward::cli {

void add_revision(CLI::App& app, Call& call);
void add_diff(CLI::App& app, Call& call);
void add_check(CLI::App& app, Call& call);
void add_drift(CLI::App& app, Call& call);
void add_roundtrip(CLI::App&, Call& call);

}  // namespace steward::cli
