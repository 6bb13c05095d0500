#include "runner/command/planning.h"

#include "runner/command/listing.h"
#include "runner/untouched.h"

namespace steward::command {
namespace {

using plan::Direction;

// The usual case of a deploy: all is applied, and no file has changed since. No file needs to be
// read to know it. Whatever is not as usual is looked at in full.
bool is_up_to_date(Session& session, const Wanted& wanted) {
  const ledger::State& state = session.state();
  return wanted.direction == Direction::upgrade &&
         (wanted.target == "heads" || (wanted.target == "head" && state.heads.size() == 1)) &&
         state.open_steps.empty() && untouched(session.config().directory, state);
}

void prepare(Session& session, const Wanted& wanted) {
  if (wanted.direction != Direction::upgrade || wanted.look_only) return;
  ledger::require_writable(session.state());
  ledger::ensure_extension(session.connection(), session.state());
}

// Nobody should learn from a later question that this release is not the one that made the schema.
void tell_what_is_ignored(Session& session, const plan::Project& project) {
  revision::Ids unknown;
  for (const revision::File& file : project.files())
    if (file.copy) unknown.push_back(file.id);
  if (!unknown.empty())
    session.output().note("the database is ahead of these files: " + joined(unknown) +
                          (unknown.size() == 1 ? " is" : " are") + " applied and not here");
}

// The row that was squashed by a newer release would be run once more.
void refuse_squashed(const plan::Project& project, const ledger::State& state) {
  for (const revision::File& file : project.files())
    for (const std::string& id : file.copy ? file.replaces : revision::Ids{})
      if (project.find(id) != nullptr && state.find(id) == nullptr)
        throw Error(Exit::integrity, "squashed_revision",
                    "revision \"" + id + "\" is part of \"" + file.id + "\", which is applied",
                    "a newer release squashed it, and these files end within the row",
                    "use a release that has " + file.id);
}

void tell_where_from(Session& session, const plan::Plan& plan) {
  for (const plan::Step& step : plan.steps)
    if (step.file->copy)
      session.output().note(
          "revision " + step.file->id +
          " has no file here: it is undone with the script that the ledger keeps");
}

// a:b, from the files alone: the state that a database has once it is at a.
plan::Plan plan_range(Session& session, const Wanted& wanted, std::size_t colon) {
  const plan::Project& project = session.project();
  const std::string from = wanted.target.substr(0, colon), to = wanted.target.substr(colon + 1);
  const bool upward = wanted.direction == Direction::upgrade;
  if (!wanted.look_only)
    throw Error(Exit::usage, "bad_target", "a range is for --sql alone", "",
                "steward " + session.verb() + " " + (to.empty() ? "head" : to));
  ledger::State state;
  if (!from.empty()) {
    const revision::Ids start = revision::resolve(project.graph(), {}, from);
    for (const std::string& id : project.graph().ancestors(start)) {
      state.revisions.emplace_back().id = id;
      state.revisions.back().parents = project.find(id)->parents;
    }
    state.heads = project.graph().tips(state.applied());
  }
  if (upward) return plan::upgrade(project, state, to.empty() ? "head" : to);
  return plan::downgrade(project, state, to.empty() ? "base" : to);
}

}  // namespace

plan::Plan make_plan(Session& session, const Wanted& wanted) {
  if (const std::size_t colon = wanted.target.find(':'); colon != std::string::npos)
    return plan_range(session, wanted, colon);
  if (is_up_to_date(session, wanted)) return {{}, session.state().heads};
  session.project();  // a slip in a file is told before anything is asked of the server
  prepare(session, wanted);
  const bool upward = wanted.direction == Direction::upgrade;
  const ledger::State& state = session.state();
  plan::require_integrity(
      session.project(), state, session.recorded(),
      upward && !wanted.ignore_future ? plan::Missing::refuse : plan::Missing::accept);
  const plan::Project& project = session.whole_project();
  if (upward) {
    refuse_squashed(project, state);
    tell_what_is_ignored(session, project);
  }
  plan::Plan plan = upward ? plan::upgrade(project, state, wanted.target)
                           : plan::downgrade(project, state, wanted.target);
  tell_where_from(session, plan);
  if (!plan.steps.empty() && !wanted.look_only) ledger::require_writable(state);
  return plan;
}

revision::Ids heads_after(Session& session, const plan::Plan& plan) {
  if (plan.steps.empty()) return plan.expected;
  std::unordered_set<std::string> applied = session.state().applied();
  for (const plan::Step& step : plan.steps)
    if (step.direction == Direction::upgrade)
      applied.insert(step.file->id);
    else
      applied.erase(step.file->id);
  return session.whole_project().graph().tips(applied);
}

std::string place_name(const revision::Ids& heads) {
  return heads.empty() ? "base" : joined(heads);
}

Json steps_object(const plan::Plan& plan) {
  Json steps = Json::array();
  for (const plan::Step& step : plan.steps)
    steps.push_back({{"revision", step.file->id},
                     {"direction", plan::name_of(step.direction)},
                     {"message", step.file->message},
                     {"file", step.file->path.string()}});
  return steps;
}

}  // namespace steward::command
