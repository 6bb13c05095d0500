// prove: tries to reach other people's rows in every isolated table, and says what became of it.
#pragma once

#include "runner/command/session.h"

namespace steward::command {

struct ProveOptions {
  std::vector<std::string> relations;  // none: all that are isolated
  std::string role;                    // whom to try as; the table's own when empty
};

// Exit::refused when an attempt reached a row, when one proved nothing, or when an application can
// log in as a role that row security does not bind. Throws Error(Exit::refused, "cannot_prove").
Exit prove(Session& session, const ProveOptions& options);

}  // namespace steward::command
