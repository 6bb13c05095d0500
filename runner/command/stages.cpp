#include "runner/command/stages.h"

#include <algorithm>

namespace steward::command {
namespace {

using terminal::Tone;

std::string title_of(const std::vector<proof::Stage>& stages, std::size_t at, bool transaction) {
  const std::string& message = stages[at].message;
  return "revision " + std::to_string(at + 1) + " of " + std::to_string(stages.size()) +
         (message.empty() ? "" : ": " + message) + (transaction ? "" : " (transaction=off)");
}

}  // namespace

void print_remark(Session& session, Tone tone, const std::string& text) {
  static constexpr std::size_t mark = 3, narrowest = 40;
  report::Output& output = session.output();
  std::vector<std::string> lines{terminal::harmless(text)};
  if (output.style().moving)
    lines = terminal::wrapped(lines.front(), std::max(output.style().width, narrowest) - mark);
  for (const std::string& line : lines) output.line(output.paint(tone, "-- " + line));
}

void print_statements(Session& session, const diff::Script& script, const Outlook& outlook,
                      std::size_t first) {
  report::Output& output = session.output();
  if (!script.preamble().empty()) output.line(script.preamble());
  for (std::size_t at = 0; at < script.statements.size(); ++at) {
    const diff::Statement& statement = script.statements[at];
    if (!statement.note.empty()) print_remark(session, Tone::dim, statement.note);
    for (const std::string& cost : outlook.statements[first + at].costs)
      print_remark(session, Tone::dim, cost);
    if (!statement.loss.empty()) print_remark(session, Tone::bad, "data loss: " + statement.loss);
    output.text(statement.sql + ";\n");
  }
}

diff::Script joined_stages(const std::vector<proof::Stage>& stages) {
  diff::Script all;
  for (const proof::Stage& stage : stages) {
    all.statements.insert(all.statements.end(), stage.upgrade.statements.begin(),
                          stage.upgrade.statements.end());
    all.warnings.insert(all.warnings.end(), stage.upgrade.warnings.begin(),
                        stage.upgrade.warnings.end());
  }
  return all;
}

void print_stages(Session& session, const proof::OnlineChange& change, const Outlook& outlook,
                  bool downgrade) {
  const std::vector<proof::Stage>& stages = change.stages;
  std::size_t first = 0;
  for (std::size_t number = 0; number < stages.size(); ++number) {
    const std::size_t at = downgrade ? stages.size() - 1 - number : number;
    const proof::Stage& stage = stages[at];
    if (number > 0) session.output().line("");
    if (downgrade) {
      print_remark(session, Tone::dim,
                   "back: " + title_of(stages, at, stage.downgrade_in_transaction));
      session.output().text(stage.downgrade);
      continue;
    }
    print_remark(session, Tone::dim, title_of(stages, at, stage.upgrade_in_transaction));
    print_statements(session, stage.upgrade, outlook, first);
    first += stage.upgrade.statements.size();
  }
  for (const std::string& unsafe : change.unsafe)
    session.output().warning("nothing that keeps nobody waiting is known for this: " + unsafe);
}

Json objects_of(const std::vector<proof::Stage>& stages) {
  Json list = Json::array();
  for (const proof::Stage& stage : stages)
    list.push_back({{"message", stage.message},
                    {"transaction", stage.upgrade_in_transaction},
                    {"upgrade", diff::to_text(stage.upgrade)},
                    {"downgrade", stage.downgrade},
                    {"downgrade_transaction", stage.downgrade_in_transaction}});
  return list;
}

}  // namespace steward::command
