#include "runner/command/plan.h"

#include "runner/command/listing.h"
#include "runner/command/rehearsal.h"
#include "runner/command/safety.h"
#include "runner/declared.h"
#include "runner/safety/predict.h"

namespace steward::command {
namespace {

using terminal::Tone;

// Beyond this size a section is data, and its statements are not looked at one by one.
constexpr std::uint64_t longest_section = 4 * 1024 * 1024;

safety::Summary predicted(const plan::Step& step) {
  const revision::Section& section = plan::section_of(step);
  if (section.length > longest_section) return {{}, 0, 1, false};
  const std::string text = revision::text(*step.file, section);
  return safety::summary_of(sql::source_of(text));
}

std::string consequence(const safety::Touch& touch) {
  if (touch.rewrites) return "may rewrite it";
  return touch.scans ? "reads all of it" : "";
}

std::string mode_of(const plan::Step& step) {
  return plan::section_of(step).options.transaction ? "in a transaction" : "outside a transaction";
}

void print_step(report::Output& output, const plan::Step& step, const safety::Summary& summary) {
  output.line(std::string(plan::name_of(step.direction)) + "  " +
              output.paint(Tone::name, step.file->id) + "  " +
              terminal::harmless(step.file->message));
  std::string facts = "  " + mode_of(step) + ", " +
                      counted(static_cast<std::size_t>(summary.statements), "statement");
  if (summary.unknown > 0) facts += ", " + std::to_string(summary.unknown) + " not predicted";
  if (summary.may_commit) facts += ", runs a procedure or a block whose effects are its own";
  output.line(facts);
  std::vector<std::vector<std::string>> rows;
  for (const safety::Touch& touch : summary.touches)
    rows.push_back({"  " + std::string(safety::name_of(touch.lock)),
                    terminal::harmless(touch.relation), consequence(touch)});
  output.text(report::format_table(rows, output.style().width));
}

Json predicted_object(const safety::Summary& summary) {
  Json locks = Json::array();
  for (const safety::Touch& touch : summary.touches)
    locks.push_back({{"relation", touch.relation},
                     {"lock", safety::name_of(touch.lock)},
                     {"scans", touch.scans},
                     {"rewrites", touch.rewrites}});
  return locks;
}

std::vector<safety::Finding> findings_in(Session& session, const plan::Plan& plan) {
  if (plan.steps.empty() || session.config().safety.on_upgrade == "off") return {};
  return findings_of(session, plan);
}

void report(Session& session, const plan::Plan& plan) {
  report::Output& output = session.output();
  Json steps = steps_object(plan);
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const safety::Summary summary = predicted(plan.steps[i]);
    print_step(output, plan.steps[i], summary);
    steps[i]["transactional"] = plan::section_of(plan.steps[i]).options.transaction;
    steps[i]["statement_count"] = summary.statements;
    steps[i]["not_predicted"] = summary.unknown;
    steps[i]["locks"] = predicted_object(summary);
  }
  const std::vector<safety::Finding> findings = findings_in(session, plan);
  if (!findings.empty()) print_findings(output, findings);
  const revision::Ids to = heads_after(session, plan);
  output.say(plan.steps.empty() ? "nothing to do: the database is at " + place_name(plan.expected)
                                : counted(plan.steps.size(), "step") + ", from " +
                                      place_name(plan.expected) + " to " + place_name(to));
  output.object({{"verb", "plan"},
                 {"from", plan.expected},
                 {"to", to},
                 {"steps", steps},
                 {"findings", findings_object(findings)}});
}

}  // namespace

Exit plan_steps(Session& session, const PlanOptions& options) {
  const Wanted wanted{options.downgrade ? plan::Direction::downgrade : plan::Direction::upgrade,
                      options.target, options.ignore_future, true};
  if (options.sql) {
    ship::Settings settings;
    const config::Config& config = session.config();
    settings.lock_timeout = config.lock_timeout;
    settings.statement_timeout = config.statement_timeout;
    settings.role = config.role;
    settings.search_path = config.search_path;
    settings.variables = variables::parse(options.variables);
    return print_script(session, wanted, settings);
  }
  const plan::Plan plan = make_plan(session, wanted);
  require_declared(plan);
  report(session, plan);
  return Exit::done;
}

}  // namespace steward::command
