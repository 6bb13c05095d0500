// Hooks: the programs that a project's configuration wants run before and after its database
// changes ([hooks] in steward.toml).
#pragma once

#include "runner/command/session.h"

namespace steward::command {

enum class Moment { before, after };

// Runs the program, if there is one, in the project's directory. It learns of the plan by
// variables: STEWARD_VERB, STEWARD_ENVIRONMENT, STEWARD_FROM, STEWARD_TO and STEWARD_REVISIONS
// (ids, separated by spaces). Throws Error(Exit::refused, "hook_failed") when it fails before the
// steps, Error(Exit::unexpected, "hook_failed") after them.
void run_hook(Session& session, Moment moment, plan::Direction direction, const plan::Plan& plan);

}  // namespace steward::command
