// The verbs that keep each user's rows apart, and prove it.
#pragma once

#include "runner/cli/verb.h"

namespace steward::cli {

void add_isolate(CLI::App& app, Call& call);
void add_prove(CLI::App& app, Call& call);

}  // namespace steward::cli
