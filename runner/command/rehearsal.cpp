#include "runner/command/rehearsal.h"

#include "runner/command/listing.h"
#include "runner/command/recording.h"
#include "runner/declared.h"
#include "runner/ship/offline.h"

namespace steward::command {
namespace {

using terminal::Tone;

std::string locks_text(const Json& statement) {
  std::string text;
  if (!statement.contains("locks")) return text;
  for (const auto& [relation, lock] : statement["locks"].items())
    text += (text.empty() ? "" : ", ") + lock.get<std::string>() + " " + relation;
  return text;
}

void print_step(report::Output& output, const plan::Step& step, double milliseconds,
                const Json& statements) {
  output.line(output.paint(Tone::name, step.file->id) + "  " +
              terminal::harmless(step.file->message) + "  " +
              report::format_duration(milliseconds));
  std::vector<std::vector<std::string>> rows;
  for (const Json& statement : statements)
    rows.push_back({"  " + std::to_string(statement.value("n", 0)), statement.value("tag", ""),
                    report::format_duration(statement.value("ms", 0.0)),
                    terminal::harmless(locks_text(statement))});
  output.text(report::format_table(rows, output.style().width));
}

}  // namespace

void report_rehearsal(Session& session, const plan::Plan& plan,
                      const std::vector<ship::Rehearsed>& rehearsed) {
  report::Output& output = session.output();
  Json steps = steps_object(plan);
  for (std::size_t i = 0; i < rehearsed.size() && i < plan.steps.size(); ++i) {
    const Json statements = Json::parse(rehearsed[i].statements, nullptr, false);
    print_step(output, plan.steps[i], rehearsed[i].milliseconds, statements);
    steps[i]["duration_ms"] = rehearsed[i].milliseconds;
    steps[i]["statements"] = statements;
  }
  output.say(plan.steps.empty() ? "nothing to do: the database is at " + place_name(plan.expected)
                                : "rehearsed " + counted(plan.steps.size(), "revision") +
                                      " in one transaction and rolled it back");
  output.object({{"verb", session.verb()},
                 {"dry_run", true},
                 {"from", plan.expected},
                 {"to", heads_after(session, plan)},
                 {"steps", steps}});
}

Exit print_script(Session& session, const Wanted& wanted, const ship::Settings& settings) {
  const plan::Plan plan = make_plan(session, wanted);
  variables::require(plan, settings.variables);
  require_declared(plan);
  const ship::Script script(revision::new_id(), settings);
  std::string records = squash_statements(session);
  if (!records.empty()) records = "\\set ON_ERROR_STOP on\nBEGIN;\n" + records + "COMMIT;\n";
  report::Output& output = session.output();
  if (!output.json()) {
    output.text(records);
    ship::print_offline(plan, script, [&output](std::string_view text) {
      output.text(text);
      output.flush();
    });
    return Exit::done;
  }
  std::string text = records;
  ship::print_offline(plan, script, [&text](std::string_view piece) { text += piece; });
  output.object({{"verb", session.verb()},
                 {"from", plan.expected},
                 {"steps", steps_object(plan)},
                 {"sql", text}});
  return Exit::done;
}

}  // namespace steward::command
