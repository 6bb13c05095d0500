// The verbs by which a project and its database are looked after between deploys.
#pragma once

#include "runner/cli/verb.h"

namespace steward::cli {

void add_verify(CLI::App& app, Call& call);
void add_lint(CLI::App& app, Call& call);
void add_repair(CLI::App& app, Call& call);
void add_locks(CLI::App& app, Call& call);
void add_wait(CLI::App& app, Call& call);
void add_edit(CLI::App& app, Call& call);
void add_rebase(CLI::App& app, Call& call);
void add_squash(CLI::App& app, Call& call);
void add_completion(CLI::App& app, Call& call);

}  // namespace steward::cli
