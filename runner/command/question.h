// Questions to the person at the terminal. Where nobody can answer, nothing is asked: the verb then
// says which flag answers.
#pragma once

#include <string>

#include "runner/command/session.h"

namespace steward::command {

// Whether a question would be seen and answered: a terminal, no --json, no --yes.
bool can_ask(Session& session);
// Asks "question [y/N] " on stderr. True only for y or yes. After the end of input nothing is asked
// any more, and all answers are no.
bool ask(Session& session, const std::string& question);

}  // namespace steward::command
