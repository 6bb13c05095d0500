#include "runner/ship/resume.h"

#include "runner/safety/predict.h"

namespace steward::ship {

bool sets_session(const sql::Statement& statement) {
  const std::string& words = statement.words;
  return words.starts_with("RESET ") ||
         (words.starts_with("SET ") && !words.starts_with("SET CONSTRAINTS") &&
          !words.starts_with("SET TRANSACTION") && !words.starts_with("SET LOCAL"));
}

bool commits_with_its_mark(const sql::Statement& statement) {
  const std::string& words = statement.words;
  const bool may_commit = words == "DO" || words.starts_with("DO ") || words.starts_with("CALL ");
  return !may_commit && !safety::runs_outside_transaction(statement) &&
         !sql::controls_transaction(statement);
}

Resumed find_open_step(pg::Connection& connection, const plan::Step& step) {
  pg::Rows rows = connection.query(
      "SELECT statements_done, (SELECT l.detail ->> 'sqlstate' FROM steward.ledger AS l "
      "WHERE l.revision = $1 ORDER BY seq DESC LIMIT 1) IN ('42P07', '42P04', '42710') "
      "FROM steward.open_step WHERE revision = $1 AND direction = $2",
      {step.file->id, std::string(plan::name_of(step.direction))});
  if (rows.empty()) return {};
  return {true, static_cast<int>(rows.number(0, 0)), rows.flag(0, 1)};
}

}  // namespace steward::ship
