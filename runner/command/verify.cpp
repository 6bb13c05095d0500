#include "runner/command/verify.h"

#include "runner/command/listing.h"
#include "runner/drift.h"
#include "runner/revision/target.h"
#include "runner/variables.h"

namespace steward::command {
namespace {

using terminal::Tone;

struct Check {
  std::string name;
  std::string problem;  // empty: it holds
  Exit exit;            // when it does not
};

std::vector<Check> check_ledger(Session& session, const std::string& anchor) {
  pg::Parameters parameters;
  parameters.push_back(anchor.empty() ? std::optional<std::string>{} : anchor);
  const pg::Rows rows =
      session.connection().query("SELECT seq, problem FROM steward.verify_ledger($1)", parameters);
  std::vector<Check> checks;
  for (std::size_t row = 0; row < rows.size(); ++row)
    checks.push_back({"ledger row " + std::string(rows.text(row, 0)),
                      std::string(rows.text(row, 1)), Exit::integrity});
  if (checks.empty()) checks.push_back({"ledger", "", Exit::done});
  return checks;
}

std::vector<Check> check_files(Session& session) {
  std::vector<Check> checks;
  for (const plan::Contradiction& found :
       plan::contradictions(session.project(), session.state(), session.recorded()))
    checks.push_back({"revision " + found.revision,
                      found.kind == plan::Contradiction::Kind::missing ? "it has no file"
                      : found.kind == plan::Contradiction::Kind::renamed
                          ? "its script stands in " + found.file
                          : "the " + found.section + " section of " + found.file + " was edited",
                      Exit::integrity});
  if (checks.empty()) checks.push_back({"files", "", Exit::done});
  return checks;
}

// Where no fingerprint was recorded nothing is said: only a comparison with the revisions could.
std::vector<Check> check_schema(Session& session) {
  const std::string state = drift::state(session.connection());
  if (state == "unknown") return {};
  return {{"schema",
           state == "changed" ? "it is not what the ledger last recorded; see steward drift" : "",
           Exit::differences}};
}

// The last result's first value that is not true; empty: all are.
std::string disagreement(pg::Connection& connection, const std::string& script) {
  connection.send("BEGIN READ ONLY;\n" + script + "\n;ROLLBACK;");
  std::string answer, failure;
  while (const std::optional<pg::Result> result = connection.next()) {
    if (result->kind == pg::Result::Kind::error) failure = result->failure.message;
    if (result->kind == pg::Result::Kind::copy_in)
      connection.fail_copy("no data in a verify section");
    if (result->kind != pg::Result::Kind::rows) continue;
    answer.clear();
    for (std::size_t row = 0; row < result->rows.size() && answer.empty(); ++row)
      if (!result->rows.flag(row, 0))
        answer = "the query answered " + std::string(result->rows.text(row, 0));
  }
  if (connection.transaction() != pg::Transaction::idle) connection.run("ROLLBACK");
  return failure.empty() ? answer : failure;
}

std::vector<std::string> wanted(Session& session, const VerifyOptions& options) {
  std::vector<std::string> ids;
  const std::unordered_set<std::string> applied = session.state().applied();
  for (const std::string& target : options.targets)
    for (std::string& id : revision::resolve(session.project().graph(), applied, target)) {
      if (!applied.contains(id))
        throw Error(Exit::graph, "not_applied", "revision \"" + id + "\" is not applied", "",
                    "see what is: steward current");
      ids.push_back(std::move(id));
    }
  if (options.targets.empty())
    for (const ledger::Revision& revision : session.state().revisions) ids.push_back(revision.id);
  return ids;
}

std::vector<Check> check_sections(Session& session, const VerifyOptions& options) {
  const variables::Values given = variables::parse(options.variables);
  std::vector<Check> checks;
  for (const std::string& id : wanted(session, options)) {
    const revision::File* file = session.project().find(id);
    if (file == nullptr || !file->verify || file->verify->empty) continue;
    const std::string script = variables::filled(revision::text(*file, *file->verify),
                                                 variables::values_for(*file, given));
    checks.push_back(
        {"revision " + id, disagreement(session.connection(), script), Exit::differences});
  }
  return checks;
}

Exit worst(const std::vector<Check>& checks) {
  Exit exit = Exit::done;
  for (const Check& check : checks) {
    if (check.problem.empty() || exit == Exit::integrity) continue;
    exit = check.exit;
  }
  return exit;
}

}  // namespace

Exit verify(Session& session, const VerifyOptions& options) {
  std::vector<Check> checks;
  const auto add = [&checks](std::vector<Check> more) {
    checks.insert(checks.end(), more.begin(), more.end());
  };
  if (!session.state().extension())
    throw Error(Exit::integrity, "ledger_missing", "this database has no ledger", "",
                "steward upgrade makes it");
  if (options.targets.empty()) {
    add(check_ledger(session, options.anchor));
    add(check_files(session));
    add(check_schema(session));
  }
  add(check_sections(session, options));
  report::Output& output = session.output();
  Json list = Json::array();
  for (const Check& check : checks) {
    const bool good = check.problem.empty();
    output.line(output.paint(good ? Tone::good : Tone::bad, good ? "ok" : "wrong") +
                std::string(good ? 5 : 2, ' ') + check.name +
                (good ? "" : ": " + terminal::harmless(check.problem)));
    list.push_back({{"check", check.name}, {"ok", good}, {"problem", check.problem}});
  }
  output.object({{"verb", "verify"}, {"checks", list}});
  return worst(checks);
}

}  // namespace steward::command
