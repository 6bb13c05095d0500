// The verbs by which revisions come from other tools, and go to them.
#pragma once

#include "runner/cli/verb.h"

namespace steward::cli {

void add_import(CLI::App& app, Call& call);
void add_export(CLI::App& app, Call& call);

}  // namespace steward::cli
