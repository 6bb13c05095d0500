#include "runner/command/hooks.h"

#include "runner/command/planning.h"
#include "runner/process.h"

namespace steward::command {
namespace {

using Command = std::vector<std::string>;

const Command& chosen(const config::Hooks& hooks, Moment moment, plan::Direction direction) {
  if (direction == plan::Direction::upgrade)
    return moment == Moment::before ? hooks.before_upgrade : hooks.after_upgrade;
  return moment == Moment::before ? hooks.before_downgrade : hooks.after_downgrade;
}

std::string spaced(const revision::Ids& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : " ") + id;
  return text;
}

revision::Ids ids_of(const plan::Plan& plan) {
  revision::Ids ids;
  for (const plan::Step& step : plan.steps) ids.push_back(step.file->id);
  return ids;
}

Error failed(const std::string& name, const process::Outcome& outcome, Moment moment) {
  const bool before = moment == Moment::before;
  return Error(before ? Exit::refused : Exit::unexpected, "hook_failed",
               name + " ended with exit code " + std::to_string(outcome.code),
               before ? "nothing was changed" : "the steps are applied and recorded",
               before ? "correct what it complains of, then run it again"
                      : "see what it complains of; the steps need not be run again");
}

}  // namespace

void run_hook(Session& session, Moment moment, plan::Direction direction, const plan::Plan& plan) {
  const Command& words = chosen(session.config().hooks, moment, direction);
  if (words.empty()) return;
  const std::string name = std::string("hook ") +
                           (moment == Moment::before ? "before_" : "after_") +
                           std::string(plan::name_of(direction));
  process::Command command{words};
  command.directory = session.config().root;
  command.variables = {{"STEWARD_VERB", session.verb()},
                       {"STEWARD_ENVIRONMENT", session.config().environment},
                       {"STEWARD_FROM", spaced(plan.expected)},
                       {"STEWARD_TO", spaced(heads_after(session, plan))},
                       {"STEWARD_REVISIONS", spaced(ids_of(plan))}};
  session.output().flush();
  const process::Outcome outcome = process::run(command);
  if (!outcome.output.empty()) session.output().note(outcome.output);
  if (outcome.code != 0) throw failed(name, outcome, moment);
}

}  // namespace steward::command
