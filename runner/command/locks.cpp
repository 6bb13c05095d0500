#include "runner/command/locks.h"

#include "runner/command/listing.h"
#include "runner/parties.h"
#include "runner/report/progress.h"

namespace steward::command {
namespace {

using terminal::Tone;

void print(report::Output& output, const std::string& title, const parties::Parties& list) {
  output.line(output.paint(Tone::strong, title) + (list.empty() ? ": nobody" : ":"));
  std::vector<std::vector<std::string>> rows;
  for (const parties::Party& party : list)
    rows.push_back({"  " + party.pid,
                    party.waits_for.empty() ? party.state : "waits for " + party.waits_for,
                    report::format_duration(party.milliseconds), party.role,
                    terminal::harmless(party.application), party.query});
  output.text(report::format_table(rows, output.style().width));
}

Json objects(const parties::Parties& list) {
  Json array = Json::array();
  for (const parties::Party& party : list)
    array.push_back({{"pid", std::stoi(party.pid)},
                     {"role", party.role},
                     {"application", party.application},
                     {"state", party.state},
                     {"since_ms", party.milliseconds},
                     {"query", party.query},
                     {"waits_for", party.waits_for}});
  return array;
}

}  // namespace

Exit locks(Session& session) {
  const parties::Parties holders = parties::holding_runner_lock(session.connection());
  const parties::Parties waiting = parties::in_a_queue(session.connection());
  print(session.output(), "holds the runner lock", holders);
  print(session.output(), "waits, and is waited for", waiting);
  session.output().object(
      {{"verb", "locks"}, {"runner", objects(holders)}, {"waiting", objects(waiting)}});
  return Exit::done;
}

}  // namespace steward::command
