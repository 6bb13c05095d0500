#include "runner/hygiene.h"

#include <algorithm>
#include <set>

#include "runner/sql.h"
#include "runner/text.h"

namespace steward::hygiene {
namespace {

using report::Finding;

void require_function(pg::Connection& connection) {
  const pg::Rows rows = connection.query(
      "SELECT to_regprocedure('steward.hygiene(text[], text[], jsonb, boolean)') IS NOT NULL, "
      "to_regnamespace('steward') IS NOT NULL");
  if (rows.flag(0, 0)) return;
  throw Error(Exit::refused, "extension_missing", "this database has no steward.hygiene()", "",
              rows.flag(0, 1) ? "ALTER EXTENSION pg_steward UPDATE"
                              : "CREATE EXTENSION pg_steward; steward upgrade does it too");
}

std::optional<std::string> array_or_null(const std::vector<std::string>& values) {
  if (values.empty()) return std::nullopt;
  return pg::format_array(values);
}

std::vector<report::Rule> read_rules(pg::Connection& connection) {
  const pg::Rows rows =
      connection.query("SELECT rule, level, summary FROM steward.known_rule ORDER BY rule");
  std::vector<report::Rule> rules;
  for (std::size_t i = 0; i < rows.size(); ++i)
    rules.push_back({std::string(rows.text(i, 0)),
                     report::parse_severity(rows.text(i, 1)).value_or(report::Severity::warning),
                     std::string(rows.text(i, 2))});
  return rules;
}

Finding finding_at(const pg::Rows& rows, std::size_t i) {
  const auto text = [&rows, i](std::size_t column) { return std::string(rows.text(i, column)); };
  Finding finding;
  finding.rule = text(0);
  finding.severity = report::parse_severity(rows.text(i, 1)).value_or(report::Severity::warning);
  finding.object = text(2);
  finding.message = text(3);
  finding.hint = text(4);
  finding.fix = text(5);
  finding.undo = text(6);
  finding.object_type = text(7);
  if (rows.get(i, 8)) finding.waiver = text(8);
  return finding;
}

Error refused(const pg::QueryFailed& failed) {
  if (failed.failure.sqlstate == "22023") {
    Error error = pg::as_error(failed.failure, Exit::usage, "bad_rule");
    error.context.clear();  // where in our functions it was noticed helps nobody
    return error;
  }
  if (failed.failure.sqlstate == "42501")
    return pg::as_error(failed.failure, Exit::refused, "no_privilege");
  return failed;
}

// One statement of a fix as it goes into a script.
struct Piece {
  std::string text;
  bool outside = false;
};

std::vector<Piece> pieces_of(const std::string& script) {
  std::size_t read = 0;
  sql::Splitter splitter(
      [&script, &read](char* buffer, std::size_t size) {
        const std::size_t count = script.copy(buffer, size, std::min(read, script.size()));
        read += count;
        return count;
      },
      "fix");
  std::vector<Piece> pieces;
  for (sql::Statement statement; splitter.next(statement);)
    if (statement.number > 0)
      pieces.push_back(
          {std::string(trim(statement.text)), sql::runs_outside_transaction(statement)});
  return pieces;
}

// A fix goes whole where its strictest statement must go: its parts depend on each other.
Scripts& place(Fixes& all, const std::vector<Piece>& pieces) {
  const bool outside =
      std::any_of(pieces.begin(), pieces.end(), [](const Piece& one) { return one.outside; });
  return outside ? all.outside : all.inside;
}

class Writer {
 public:
  void add(const Finding& finding) {
    const std::vector<Piece> pieces = pieces_of(finding.fix);
    if (pieces.empty() || !is_first_of(finding)) return;
    Scripts& scripts = place(all_, pieces);
    const std::string said = "-- " + finding.rule + ": " + printable(finding.object) + "\n";
    scripts.upgrade += said + new_lines(pieces);
    // Backwards: what was done last is taken back first.
    scripts.downgrade = said +
                        (finding.undo.empty() ? std::string("-- nothing to take back\n")
                                              : new_lines(pieces_of(finding.undo))) +
                        scripts.downgrade;
    ++all_.count;
  }

  Fixes take() { return std::move(all_); }

 private:
  // A fix may drop or rename an index or a constraint: what else is to be mended of it is for the
  // next time.
  bool is_first_of(const Finding& finding) {
    if (finding.object_type != "index" && !finding.object_type.ends_with("constraint")) return true;
    return mended_.insert(finding.object).second;
  }

  // What several findings share (the function of their triggers) is made by the first of them, and
  // as the way back runs the other way round, dropped behind the last.
  std::string new_lines(const std::vector<Piece>& pieces) {
    std::string text;
    for (const Piece& piece : pieces)
      if (written_.insert(piece.text).second) text += piece.text + "\n";
    return text;
  }

  Fixes all_;
  std::set<std::string> mended_;   // indexes and constraints
  std::set<std::string> written_;  // statements
};

}  // namespace

report::Findings look(pg::Connection& connection, const Request& request) {
  require_function(connection);
  report::Findings findings;
  findings.family = "hygiene";
  try {
    findings.rules = read_rules(connection);
    const pg::Rows rows = connection.query(
        "SELECT rule, severity, object, message, hint, fix, undo, object_type, waiver "
        "FROM steward.hygiene($1, $2, $3, true)",
        {array_or_null(request.schemas), array_or_null(request.rules), to_text(request.config)});
    for (std::size_t i = 0; i < rows.size(); ++i) findings.found.push_back(finding_at(rows, i));
  } catch (const pg::QueryFailed& failed) {
    throw refused(failed);
  }
  return findings;
}

Fixes fixes(const report::Findings& findings) {
  Writer writer;
  for (const Finding& finding : findings.found)
    if (!finding.waiver && !finding.fix.empty()) writer.add(finding);
  return writer.take();
}

}  // namespace steward::hygiene
