#include "runner/command/safety.h"

#include <algorithm>

#include "runner/command/listing.h"
#include "runner/safety/catalog.h"
#include "runner/text.h"

namespace steward::command {
namespace {

using safety::Finding;
using safety::Severity;
using terminal::Tone;

constexpr double megabyte = 1024.0 * 1024.0;

void set_size(const std::string& text, std::int64_t& value) {
  if (const auto size = config::parse_bytes(text); size && *size > 0) value = *size;
}

void set_rate(const std::string& text, double& value) {
  if (const auto size = config::parse_bytes(text); size && *size > 0)
    value = static_cast<double>(*size) / megabyte;
}

std::string indented(const std::string& text, const std::string& indent) {
  std::string result;
  for (std::string_view line : split(text, '\n')) result += indent + std::string(line) + "\n";
  return result;
}

std::string heading(const report::Output& output, const Finding& finding) {
  const Tone tone = finding.severity == Severity::error ? Tone::bad : Tone::name;
  std::string text = finding.file + ":" + std::to_string(finding.line) + ": " +
                     output.paint(tone, std::string(name_of(finding.severity))) + " " +
                     finding.rule + ": ";
  if (!finding.object.empty()) text += terminal::harmless(finding.object) + ": ";
  return text + terminal::harmless(finding.message);
}

void print(report::Output& output, const Finding& finding) {
  output.line(heading(output, finding));
  if (finding.waiver) return output.line("    allowed: " + terminal::harmless(*finding.waiver));
  if (!finding.effect.empty()) output.line("    " + terminal::harmless(finding.effect));
  if (!finding.hint.empty()) output.line("    " + terminal::harmless(finding.hint));
  if (!finding.fix.empty()) output.text(indented(finding.fix, "      "));
}

std::string totals(const std::vector<Finding>& findings) {
  const std::size_t errors = count_at(findings, Severity::error);
  const std::size_t warnings = count_at(findings, Severity::warning) - errors;
  const std::size_t notes = count_at(findings, Severity::note) - errors - warnings;
  const std::size_t waived = static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [](const Finding& finding) { return finding.waiver.has_value(); }));
  return counted(errors, "error") + ", " + counted(warnings, "warning") + ", " +
         counted(notes, "note") + (waived > 0 ? ", " + std::to_string(waived) + " allowed" : "");
}

Json object_of(const Finding& finding) {
  Json object{{"rule", finding.rule},
              {"severity", name_of(finding.severity)},
              {"file", finding.file},
              {"line", finding.line},
              {"revision", finding.revision},
              {"statement", finding.statement},
              {"object", finding.object},
              {"message", finding.message},
              {"effect", finding.effect},
              {"hint", finding.hint},
              {"fix", finding.fix}};
  if (finding.waiver) object["waiver"] = *finding.waiver;
  return object;
}

bool refuses(const Finding& finding, const std::string& mode) {
  if (finding.severity != Severity::error || finding.waiver || mode == "warn") return false;
  return mode == "error" || finding.large;
}

Error refused(const Finding& finding, std::size_t others) {
  Error error(
      Exit::refused, "refused_by_rule",
      "rule " + finding.rule + " refuses revision \"" + finding.revision + "\": " + finding.message,
      finding.effect.empty() ? finding.object : finding.effect,
      "steward lint shows the safe way" + std::string(others > 0 ? " of each" : "") +
          "; or write in the file: -- allow: " + finding.rule + " and why");
  return error.at({finding.file, finding.line, 0, finding.statement, {}});
}

}  // namespace

safety::Settings safety_settings(Session& session) {
  const config::Config& config = session.config();
  safety::Settings settings;
  settings.lock_timeout = config.lock_timeout;
  settings.statement_timeout = config.statement_timeout;
  set_size(config.safety.large_table, settings.limits.large_table);
  set_rate(config.safety.read_rate, settings.limits.read_rate);
  set_rate(config.safety.write_rate, settings.limits.write_rate);
  if (const auto wait = config::parse_duration(config.safety.short_wait);
      wait && !config.safety.short_wait.empty())
    settings.limits.short_wait = static_cast<double>(wait->count()) / 1000;
  // The names of hygiene's rules stand in the same table: what is not ours is theirs.
  for (const auto& [rule, level] : config.rule_levels) settings.levels.set(rule, level);
  return settings;
}

std::vector<Finding> findings_of(Session& session, const plan::Plan& plan) {
  safety::Settings settings = safety_settings(session);
  settings.together = true;
  std::vector<safety::Subject> subjects;
  for (const plan::Step& step : plan.steps)
    if (step.direction == plan::Direction::upgrade)
      subjects.push_back(safety::subject_of(*step.file, settings));
  safety::Linter linter(settings, safety::ask(session.connection(), subjects));
  std::vector<Finding> findings;
  for (const safety::Subject& subject : subjects)
    for (Finding& finding : linter.look(subject)) findings.push_back(std::move(finding));
  for (Finding& finding : safety::deploy_findings(linter)) findings.push_back(std::move(finding));
  return findings;
}

report::Severity severity_of(Severity severity) {
  return *report::parse_severity(name_of(severity));
}

report::Findings for_machines(const std::vector<Finding>& findings) {
  report::Findings result;
  result.family = "safety";
  for (const safety::Rule& rule : safety::all_rules())
    result.rules.push_back(
        {std::string(rule.id), severity_of(rule.severity), std::string(rule.summary)});
  for (const Finding& finding : findings) {
    report::Finding one;
    one.rule = finding.rule;
    one.severity = severity_of(finding.severity);
    // One object may be altered by several revisions: the address tells them apart.
    one.object = finding.object + (finding.revision.empty() ? "" : " in " + finding.revision);
    one.object_type = "revision";
    one.message = finding.message + (finding.effect.empty() ? "" : "; " + finding.effect);
    one.hint = finding.hint;
    one.fix = finding.fix;
    one.waiver = finding.waiver;
    one.file = finding.file;
    one.line = finding.line;
    result.found.push_back(std::move(one));
  }
  return result;
}

std::size_t count_at(const std::vector<Finding>& findings, Severity least) {
  return static_cast<std::size_t>(std::count_if(
      findings.begin(), findings.end(),
      [least](const Finding& finding) { return !finding.waiver && finding.severity >= least; }));
}

void print_findings(report::Output& output, const std::vector<Finding>& findings) {
  for (const Finding& finding : findings)
    if (!finding.waiver || output.verbose()) print(output, finding);
  output.say(totals(findings));
}

namespace {

// In the mode `large` a database without a large table has nothing to be asked about.
bool nothing_to_ask(Session& session, const plan::Plan& plan) {
  const std::string& mode = session.config().safety.on_upgrade;
  return mode == "off" || plan.steps.empty() ||
         (mode == "large" &&
          !safety::has_table_of(session.connection(), safety_settings(session).limits.large_table));
}

}  // namespace

std::optional<Finding> refusal(Session& session, const plan::Plan& plan) {
  if (nothing_to_ask(session, plan)) return std::nullopt;
  for (Finding& finding : findings_of(session, plan))
    if (refuses(finding, session.config().safety.on_upgrade)) return std::move(finding);
  return std::nullopt;
}

void require_safe(Session& session, const plan::Plan& plan) {
  const std::string& mode = session.config().safety.on_upgrade;
  if (nothing_to_ask(session, plan)) return;
  const std::vector<Finding> findings = findings_of(session, plan);
  const Finding* first = nullptr;
  std::size_t others = 0;
  for (const Finding& finding : findings) {
    if (finding.severity != Severity::error || finding.waiver) continue;
    if (mode == "large" && !finding.large) continue;
    session.output().warning(finding.file + ":" + std::to_string(finding.line) + ": " +
                                 finding.rule + ": " + finding.message +
                                 (finding.effect.empty() ? "" : "; " + finding.effect),
                             finding.hint);
    if (!refuses(finding, mode)) continue;
    if (first == nullptr)
      first = &finding;
    else
      ++others;
  }
  if (first != nullptr) throw refused(*first, others);
}

Json findings_object(const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& finding : findings) list.push_back(object_of(finding));
  return list;
}

}  // namespace steward::command
