// completion: the script by which a shell completes steward's words. It asks the program itself at
// each key, so that it never says other than the program that is installed; what the answers are is
// runner/cli/completion.
#pragma once

#include <string>

#include "runner/command/session.h"

namespace steward::command {

struct CompletionOptions {
  std::string shell;  // bash, zsh or fish
};

// Throws Error(Exit::usage, "unknown_shell").
Exit completion(Session& session, const CompletionOptions& options);

}  // namespace steward::command
