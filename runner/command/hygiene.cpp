#include "runner/command/hygiene.h"

#include <filesystem>

#include "runner/command/listing.h"
#include "runner/command/revision.h"
#include "runner/hygiene.h"
#include "runner/report/baseline.h"
#include "runner/report/format.h"
#include "runner/safety/rules.h"

namespace steward::command {
namespace {

using report::Findings;

report::Limit limit_of(Session& session, const HygieneOptions& options) {
  return report::require_limit(options.fail_on.empty() ? session.config().hygiene.fail_on
                                                       : options.fail_on);
}

hygiene::Request request_of(Session& session, const HygieneOptions& options) {
  const config::Hygiene& configured = session.config().hygiene;
  hygiene::Request request;
  request.schemas = options.schemas.empty() ? configured.schemas : options.schemas;
  request.rules = options.rules;
  Json rules = Json::object();
  for (const auto& [id, settings] : configured.rules.items())
    if (safety::find_rule(id) == nullptr) rules[id] = settings;  // those are the revisions'
  request.config = {{"policy", configured.policy}, {"rules", rules}};
  return request;
}

// Where machines show what has no file: the configuration that decides on it.
std::string shown_file(const config::Config& config) {
  return config.file.empty() ? "" : config.file.filename().string();
}

std::filesystem::path baseline_file(Session& session, const HygieneOptions& options) {
  if (!options.baseline.empty()) return options.baseline;
  const std::string& configured = session.config().hygiene.baseline;
  return configured.empty() ? std::filesystem::path() : session.config().root / configured;
}

// A baseline that is there only shrinks: what came later is mended, or waived with a reason.
void renew_baseline(Session& session, const std::filesystem::path& file, const Findings& findings) {
  report::Baseline next = report::baseline_of(findings);
  if (std::filesystem::exists(file)) {
    const report::Baseline before = report::read_baseline(file);
    std::erase_if(next, [&before](const auto& one) { return !before.contains(one); });
  }
  report::write_baseline(file, next);
  session.output().note("wrote " + file.string() + ": " + counted(next.size(), "finding"));
}

void apply_baseline(Session& session, const HygieneOptions& options, Findings& findings) {
  const std::filesystem::path file = baseline_file(session, options);
  if (options.write_baseline && file.empty())
    throw Error(Exit::usage, "no_baseline", "--write-baseline needs a file to write", "",
                "--baseline FILE, or baseline under [hygiene] in steward.toml");
  if (options.write_baseline) renew_baseline(session, file, findings);
  if (file.empty()) return;
  // Only a look at everything can tell what is gone.
  const report::Baseline gone = report::mark_known(findings, report::read_baseline(file));
  if (!gone.empty() && options.rules.empty() && options.schemas.empty())
    session.output().note(counted(gone.size(), "finding") + " of " + file.string() +
                          " no longer there: --write-baseline drops what is mended");
}

Json object_of(const Findings& findings) {
  const report::Tally count = report::tally(findings);
  Json json = {{"verb", "hygiene"},        {"errors", count.errors}, {"warnings", count.warnings},
               {"notes", count.notes},     {"waived", count.waived}, {"known", count.known},
               {"findings", Json::array()}};
  for (const report::Finding& finding : findings.found)
    json["findings"].push_back(report::finding_object(finding));
  return json;
}

void print(Session& session, const std::string& format, const Findings& findings,
           report::Limit limit) {
  report::Output& output = session.output();
  output.text(format == "text" ? report::as_text(findings, output.style())
                               : report::formatted(format, findings, limit));
  output.object(object_of(findings));
}

// A database with a history has hundreds: nobody mends them before the first green run.
void offer_baseline(Session& session, const HygieneOptions& options, const Findings& findings) {
  constexpr std::size_t many = 50;
  const report::Tally count = report::tally(findings);
  if (count.errors + count.warnings + count.notes < many || options.format != "text" ||
      !baseline_file(session, options).empty())
    return;
  session.output().note(
      "next: steward hygiene --baseline hygiene.json --write-baseline, and from then on only what "
      "is new counts");
}

// What cannot run in a transaction comes in a revision of its own, after the other.
void write_fixes(Session& session, const Findings& findings) {
  const hygiene::Fixes all = hygiene::fixes(findings);
  if (all.count == 0) return session.output().note("no finding has a fix that is safe");
  std::vector<std::string> parents = chosen_parent(session, {});
  const auto write = [&session, &parents](const hygiene::Scripts& scripts, bool transaction,
                                          const std::string& message) {
    if (scripts.upgrade.empty()) return;
    RevisionOptions options;
    options.message = message;
    const Written written =
        write_file(session, options, parents,
                   revision_scripts(scripts.upgrade, scripts.downgrade, transaction));
    session.output().note("wrote " + written.path.string());
    parents = {written.id};
  };
  write(all.inside, true, "Mend what hygiene found");
  write(all.outside, false, "Mend what hygiene found in indexes");
}

}  // namespace

Exit hygiene(Session& session, const HygieneOptions& options) {
  report::require_format(options.format);
  const report::Limit limit = limit_of(session, options);
  Findings findings = hygiene::look(session.connection(), request_of(session, options));
  findings.file = shown_file(session.config());
  apply_baseline(session, options, findings);
  print(session, options.format, findings, limit);
  if (options.fix)
    write_fixes(session, findings);
  else
    offer_baseline(session, options, findings);
  return report::reaches(findings, limit) ? Exit::refused : Exit::done;
}

}  // namespace steward::command
