// Planning: from the session's files and ledger to the plan that a verb ships, shows or rehearses.
#pragma once

#include <string>

#include "runner/command/session.h"

namespace steward::command {

struct Wanted {
  plan::Direction direction = plan::Direction::upgrade;
  std::string target;          // or a range a:b, which is planned from the files alone
  bool ignore_future = false;  // an upgrade accepts applied revisions that have no file here
  bool look_only = false;      // nothing is written: no extension is made, a standby will do
};

// The steps to the target, once files and ledger agree. Makes the extension where it is missing,
// unless look_only. Throws what planning throws (runner/plan.h), and as ledger::ensure_extension().
plan::Plan make_plan(Session& session, const Wanted& wanted);

// The heads once the plan is done, without asking the server again.
revision::Ids heads_after(Session& session, const plan::Plan& plan);

// "base", or the heads with commas.
std::string place_name(const revision::Ids& heads);

Json steps_object(const plan::Plan& plan);

}  // namespace steward::command
