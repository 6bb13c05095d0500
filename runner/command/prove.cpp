#include "runner/command/prove.h"

#include <algorithm>

#include "runner/command/listing.h"
#include "runner/isolation.h"

namespace steward::command {
namespace {

using isolation::Attempt;
using terminal::Tone;

Tone tone_of(const std::string& outcome) {
  return outcome == "held" ? Tone::good : outcome == "residual" ? Tone::warning : Tone::bad;
}

Json object_of(const std::string& relation, const std::vector<Attempt>& attempts) {
  Json list = Json::array();
  for (const Attempt& attempt : attempts)
    list.push_back(
        {{"attempt", attempt.attempt}, {"outcome", attempt.outcome}, {"detail", attempt.detail}});
  return {{"relation", relation}, {"attempts", list}};
}

// The attempts that held are counted; -v shows them too.
void print(Session& session, const std::string& relation, const std::vector<Attempt>& attempts) {
  report::Output& output = session.output();
  const auto held = std::count_if(attempts.begin(), attempts.end(),
                                  [](const Attempt& attempt) { return attempt.outcome == "held"; });
  output.line(relation + ": " + std::to_string(held) + " of " +
              counted(attempts.size(), "attempt") + " held");
  for (const Attempt& attempt : attempts) {
    if (attempt.outcome == "held" && !output.verbose()) continue;
    output.line("  " + output.paint(tone_of(attempt.outcome), attempt.outcome) + "  " +
                terminal::harmless(attempt.attempt) + ": " + terminal::harmless(attempt.detail));
  }
}

// Returns whether isolation was proved.
bool prove_one(Session& session, const std::string& relation, const std::string& role, Json& list) {
  const std::vector<Attempt> attempts = isolation::prove(session.connection(), relation, role);
  print(session, relation, attempts);
  list.push_back(object_of(relation, attempts));
  return !attempts.empty() && std::none_of(attempts.begin(), attempts.end(), isolation::disproves);
}

// What no attempt as a proper role can show: that the application logs in as an improper one.
bool logins_are_bound(Session& session, Json& list) {
  bool bound = true;
  for (const isolation::Problem& problem : isolation::problems(session.connection())) {
    if (problem.severity != "error" || !problem.relation.empty()) continue;
    session.output().line(session.output().paint(Tone::bad, "open") + "  " +
                          terminal::harmless(problem.message));
    session.output().line("      hint: " + terminal::harmless(problem.hint));
    list.push_back({{"message", problem.message}, {"hint", problem.hint}});
    bound = false;
  }
  return bound;
}

}  // namespace

Exit prove(Session& session, const ProveOptions& options) {
  ledger::ensure_extension(session.connection(), session.state());
  Json problems = Json::array(), relations = Json::array();
  bool proved = logins_are_bound(session, problems);
  const std::vector<std::string> wanted =
      options.relations.empty() ? isolation::relations(session.connection()) : options.relations;
  for (const std::string& relation : wanted)
    proved = prove_one(session, relation, options.role, relations) && proved;
  if (wanted.empty()) session.output().say("no table is isolated: steward isolate TABLE");
  session.output().object(
      {{"verb", "prove"}, {"proved", proved}, {"problems", problems}, {"relations", relations}});
  return proved ? Exit::done : Exit::refused;
}

}  // namespace steward::command
