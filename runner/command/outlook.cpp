#include "runner/command/outlook.h"

#include "runner/command/safety.h"
#include "runner/safety/catalog.h"
#include "runner/safety/cost.h"
#include "runner/safety/forecast.h"

namespace steward::command {
namespace {

using safety::Knowledge;

// A shadow's tables are empty, and that says nothing of anybody's: sizes are the database's.
Knowledge known_of(const std::vector<safety::Subject>& subjects, pg::Connection& schema,
                   pg::Connection* database) {
  Knowledge known = safety::ask(schema, subjects);
  if (&schema == database) return known;
  Knowledge sized = database == nullptr ? Knowledge() : safety::ask(*database, subjects);
  for (auto& [name, table] : known.tables) {
    const auto real = sized.tables.find(name);
    const bool found = real != sized.tables.end();
    table.rows = found ? real->second.rows : std::nullopt;
    table.bytes = found ? real->second.bytes : std::nullopt;
    table.index_bytes = found ? real->second.index_bytes : 0;
    table.writes_per_second = found ? real->second.writes_per_second : 0;
  }
  return known;
}

Json object_of(const safety::Touch& touch, const std::string& cost) {
  return {{"relation", touch.relation},
          {"lock", safety::name_of(touch.lock)},
          {"scans", touch.scans},
          {"rewrites", touch.rewrites},
          {"waits", cost.substr(cost.find(": ") + 2)}};
}

// A statement of a diff may be several.
Prospect prospect_of(safety::Forecast& forecast, const std::string& sql,
                     const safety::Limits& limits) {
  Prospect prospect;
  for (const safety::Touch& touch : forecast.next(sql)) {
    const std::string cost = safety::cost_of(touch, forecast.known(), limits);
    if (cost.empty()) continue;
    prospect.costs.push_back(cost);
    prospect.locks.push_back(object_of(touch, cost));
  }
  return prospect;
}

}  // namespace

Outlook outlook_of(Session& session, const diff::Script& script, pg::Connection& schema,
                   pg::Connection* database) {
  const safety::Settings settings = safety_settings(session);
  const safety::Subject subject =
      safety::subject_of_script(diff::to_text(script), "diff", settings);
  const Knowledge known = known_of({subject}, schema, database);
  Outlook outlook;
  safety::Forecast forecast(known);
  for (const diff::Statement& statement : script.statements)
    outlook.statements.push_back(prospect_of(forecast, statement.sql, settings.limits));
  safety::Linter linter(settings, known);
  outlook.findings = linter.look(subject);
  return outlook;
}

std::vector<safety::Finding> findings_in(Session& session, const std::vector<Part>& parts,
                                         pg::Connection& schema, pg::Connection* database) {
  const safety::Settings settings = safety_settings(session);
  std::vector<safety::Subject> subjects;
  for (const Part& part : parts) {
    subjects.push_back(safety::subject_of_script(part.text, "revision", settings));
    subjects.back().upgrade.transaction = !part.outside;
  }
  safety::Linter linter(settings, known_of(subjects, schema, database));
  std::vector<safety::Finding> findings;
  for (const safety::Subject& subject : subjects)
    for (safety::Finding& finding : linter.look(subject)) findings.push_back(std::move(finding));
  return findings;
}

void warn_of(Session& session, const std::vector<safety::Finding>& findings) {
  for (const safety::Finding& finding : findings) {
    if (finding.severity == safety::Severity::note && !session.output().verbose()) continue;
    session.output().warning(finding.rule + ": " +
                                 (finding.object.empty() ? "" : finding.object + ": ") +
                                 finding.message,
                             finding.hint);
  }
}

}  // namespace steward::command
