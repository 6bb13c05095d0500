#include "runner/command/lint.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <unordered_set>

#include "runner/command/fixing.h"
#include "runner/command/listing.h"
#include "runner/command/safety.h"
#include "runner/report/format.h"
#include "runner/revision/rewrite.h"
#include "runner/safety/catalog.h"

namespace steward::command {
namespace {

using safety::Finding;
namespace fs = std::filesystem;

// What is to be looked at, in the order in which it would be applied; before it, what is only
// remembered.
struct Work {
  std::vector<const revision::File*> revisions;
  std::unordered_set<std::string> chosen;  // ids
  std::vector<fs::path> scripts;           // files that are no revisions
};

const revision::File* revision_at(Session& session, const fs::path& path) {
  if (!session.has_project()) return nullptr;
  std::error_code ignored;
  for (const revision::File& file : session.project().files())
    if (fs::equivalent(file.path, path, ignored)) return &file;
  return nullptr;
}

void choose_file(Session& session, Work& work, const fs::path& path) {
  if (fs::is_directory(path)) {
    for (const fs::directory_entry& entry : fs::directory_iterator(path))
      if (entry.path().extension() == ".sql") choose_file(session, work, entry.path());
    std::sort(work.scripts.begin(), work.scripts.end());
  } else if (const revision::File* file = revision_at(session, path)) {
    work.chosen.insert(file->id);
  } else {
    work.scripts.push_back(path);
  }
}

void choose(Session& session, Work& work, const std::string& target) {
  if (fs::exists(target)) return choose_file(session, work, target);
  if (target.find('/') != std::string::npos || target.ends_with(".sql"))
    throw Error(Exit::usage, "cannot_read_file", "there is no file " + target, "",
                "steward history shows the revisions that there are");
  const plan::Project& project = session.project();
  const revision::Applied applied =
      session.globals().url.empty() ? revision::Applied{} : session.state().applied();
  const bool is_range = target.find(':') != std::string::npos;
  const revision::Ids ids = is_range ? revision::range(project.graph(), applied, target)
                                     : revision::resolve(project.graph(), applied, target);
  work.chosen.insert(ids.begin(), ids.end());
}

Work work_of(Session& session, const LintOptions& options) {
  Work work;
  for (const std::string& target : options.targets) choose(session, work, target);
  if (!session.has_project() && !options.targets.empty()) return work;
  const plan::Project& project = session.project();
  const bool asks = !session.globals().url.empty();
  const revision::Applied applied = asks ? session.state().applied() : revision::Applied{};
  for (const std::string& id : project.graph().order()) {
    work.revisions.push_back(project.find(id));
    if (options.targets.empty() && !applied.contains(id)) work.chosen.insert(id);
  }
  return work;
}

// Without a file there is no header that could allow it.
void add_about(std::vector<Finding>& findings, safety::Severity severity, const char* rule,
               const std::string& revision, const revision::File* file, std::string message,
               std::string hint) {
  Finding finding;
  finding.rule = rule;
  finding.severity = severity;
  finding.revision = revision;
  finding.file = file == nullptr ? "" : file->path.string();
  finding.line = file == nullptr ? 0 : 1;
  finding.message = std::move(message);
  finding.hint = std::move(hint);
  if (file != nullptr)
    for (const revision::Allowance& allowance : file->allow)
      if (allowance.rule == rule && !allowance.reason.empty()) finding.waiver = allowance.reason;
  findings.push_back(std::move(finding));
}

// What the ledger and the files do not agree about; several heads.
void add_bookkeeping(Session& session, const safety::Settings& settings,
                     std::vector<Finding>& findings) {
  const plan::Project& project = session.project();
  const auto add = [&](const char* rule, const std::string& id, const std::string& message,
                       const std::string& hint) {
    if (const auto level = settings.levels.of(*safety::find_rule(rule)))
      add_about(findings, *level, rule, id, project.find(id), message, hint);
  };
  const revision::Ids heads = project.graph().heads();
  if (heads.size() > 1)
    add("revision-non-linear", heads.back(), "there are several heads: " + joined(heads),
        "steward merge heads -m MSG makes one of them");
  if (session.globals().url.empty()) return;
  using Kind = plan::Contradiction::Kind;
  for (const plan::Contradiction& one :
       plan::contradictions(project, session.state(), session.recorded())) {
    if (one.kind == Kind::missing)
      add("revision-missing", one.revision,
          "revision \"" + one.revision + "\" is applied and has no file",
          "put the file back; steward show " + one.revision + " prints what the ledger kept");
    else
      add("revision-edited-after-apply", one.revision, "the file is not what was applied",
          "put it back, and write a new revision for the change; steward verify shows where");
  }
}

// A slip of the pen would turn off nothing, and say so nowhere. Other names may be hygiene's.
void warn_of_slips(Session& session) {
  for (const auto& [rule, level] : session.config().rule_levels) {
    const safety::Rule* meant =
        safety::find_rule(rule) == nullptr ? safety::rule_like(rule) : nullptr;
    if (meant != nullptr)
      session.output().warning("[rules] names no safety rule \"" + rule + "\"",
                               "is \"" + std::string(meant->id) + "\" meant?");
  }
}

std::vector<Finding> look(Session& session, const Work& work) {
  const safety::Settings settings = safety_settings(session);
  const bool asks = !session.globals().url.empty();
  std::vector<safety::Subject> subjects;
  for (const revision::File* file : work.revisions)
    if (!asks || work.chosen.contains(file->id))
      subjects.push_back(safety::subject_of(*file, settings));
  std::vector<safety::Subject> scripts;
  for (const fs::path& path : work.scripts)
    scripts.push_back(
        safety::subject_of_script(revision::read_whole(path), path.string(), settings));
  safety::Knowledge known;
  if (asks) {
    std::vector<safety::Subject> all = subjects;
    all.insert(all.end(), scripts.begin(), scripts.end());
    known = safety::ask(session.connection(), all);
  }
  safety::Linter linter(settings, known);
  std::vector<Finding> findings;
  const auto add = [&findings](std::vector<Finding> more) {
    std::move(more.begin(), more.end(), std::back_inserter(findings));
  };
  for (const safety::Subject& subject : subjects)
    if (work.chosen.contains(subject.upgrade.revision))
      add(linter.look(subject));
    else
      linter.pass(subject);
  if (asks) add(safety::deploy_findings(linter));
  // A bare script stands for itself: it follows upon the revisions, and no other script upon it.
  for (const safety::Subject& script : scripts) {
    safety::Linter alone(settings, linter.known());
    add(alone.look(script));
  }
  if (!work.revisions.empty()) add_bookkeeping(session, settings, findings);
  return findings;
}

void print_as(const std::string& format, report::Output& output,
              const std::vector<Finding>& findings, report::Limit limit) {
  if (format == "text") return print_findings(output, findings);
  output.text(report::formatted(format, for_machines(findings), limit));
}

void print_rules(report::Output& output) {
  std::vector<std::vector<std::string>> rows;
  Json list = Json::array();
  for (const safety::Rule& rule : safety::all_rules()) {
    rows.push_back({std::string(rule.id), std::string(name_of(rule.severity)),
                    rule.enabled ? "on" : "off", std::string(rule.summary)});
    list.push_back({{"rule", rule.id},
                    {"severity", name_of(rule.severity)},
                    {"enabled", rule.enabled},
                    {"summary", rule.summary}});
  }
  output.text(report::format_table(rows, output.style().width));
  output.object({{"verb", "lint"}, {"rules", list}});
}

}  // namespace

Exit lint(Session& session, const LintOptions& options) {
  report::require_format(options.format);
  const report::Limit limit = report::require_limit(options.fail_on);
  report::Output& output = session.output();
  if (options.rules) {
    print_rules(output);
    return Exit::done;
  }
  warn_of_slips(session);
  const Work work = work_of(session, options);
  if (options.fix) {
    write_fixes(session, work.chosen);
    return Exit::done;
  }
  const std::vector<Finding> findings = look(session, work);
  print_as(options.format, output, findings, limit);
  output.object({{"verb", "lint"}, {"findings", findings_object(findings)}});
  return report::reaches(for_machines(findings), limit) ? Exit::refused : Exit::done;
}

}  // namespace steward::command
