// verify: does what is recorded still hold? The ledger's chain, the files of what is applied, and
// each applied revision's verify section, asked again in a transaction that may write nothing.
#pragma once

#include <string>
#include <vector>

#include "runner/command/session.h"

namespace steward::command {

struct VerifyOptions {
  std::vector<std::string> targets;    // empty: all that is applied
  std::string anchor;                  // empty: none to compare with
  std::vector<std::string> variables;  // NAME=VALUE
};

// Exit::integrity when ledger or files are not what they were, Exit::differences when a verify
// section disagrees, the first before the second.
Exit verify(Session& session, const VerifyOptions& options);

}  // namespace steward::command
