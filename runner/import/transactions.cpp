#include "runner/import/transactions.h"

#include <string>
#include <string_view>

#include "runner/import/files.h"
#include "runner/sql.h"
#include "runner/sql/window.h"

namespace steward::importer {
namespace {

// What a script says of transactions.
struct Survey {
  int statements = 0;
  int controls = 0;              // BEGIN, COMMIT and their like
  std::uint64_t open_since = 0;  // the line of a BEGIN without its end; 0: none is open
  std::uint64_t outside = 0;     // the line of the first that cannot run in a transaction; 0: none
  sql::Statement first;
  sql::Statement last;
  std::size_t tail = 0;  // bytes after the last statement
};

bool begins(const sql::Statement& statement) {
  return statement.words.starts_with("BEGIN") || statement.words.starts_with("START");
}

// AND CHAIN begins the next transaction as it ends one.
bool chains(const sql::Statement& statement) {
  return statement.words.ends_with("AND CHAIN") && !statement.words.ends_with("NO CHAIN");
}

void count(Survey& survey, const sql::Statement& statement) {
  ++survey.statements;
  if (survey.outside == 0 && sql::runs_outside_transaction(statement))
    survey.outside = statement.first_line;
  if (sql::controls_transaction(statement)) {
    ++survey.controls;
    survey.open_since = begins(statement) || chains(statement) ? statement.first_line : 0;
  }
  if (survey.statements == 1) survey.first = statement;
  survey.last = statement;
}

Survey survey_of(const Script& script) {
  sql::Splitter splitter(sql::source_of(script.text), script.file.string(), script.line);
  Survey survey;
  sql::Statement statement;
  std::string rows;
  while (splitter.next(statement)) {
    if (statement.number == 0)
      survey.tail = statement.text.size();
    else
      count(survey, statement);
    while (statement.copy_in && splitter.data(rows)) continue;
  }
  return survey;
}

// Those without options: with SERIALIZABLE or READ ONLY, BEGIN says something that a step does not.
bool plain_begin(std::string_view words) {
  return words == "BEGIN" || words == "BEGIN WORK" || words == "BEGIN TRANSACTION" ||
         words == "START TRANSACTION";
}
bool plain_commit(std::string_view words) {
  return words == "COMMIT" || words == "COMMIT WORK" || words == "COMMIT TRANSACTION" ||
         words == "END" || words == "END WORK" || words == "END TRANSACTION";
}

bool is_wrapped(const Survey& survey) {
  return survey.statements >= 2 && survey.controls == 2 && plain_begin(survey.first.words) &&
         plain_commit(survey.last.words);
}

// Takes BEGIN and COMMIT out of the text, and nothing else of it.
void unwrap(Script& script, const Survey& survey) {
  std::string& text = script.text;
  const std::size_t last = text.size() - survey.tail - survey.last.text.size();
  text.erase(last + survey.last.first, survey.last.text.size() - survey.last.first);
  text.erase(text.find(survey.first.text) + survey.first.first,
             survey.first.text.size() - survey.first.first);
}

void run_outside(Script& script, std::uint64_t line, const std::string& why,
                 std::vector<Notice>& notices) {
  if (!script.transaction) return;
  script.transaction = false;
  notices.push_back({Place{script.file.string(), line}, "transaction=off: " + why});
}

}  // namespace

void settle_transactions(Script& script, std::vector<Notice>& notices) {
  const Survey survey = survey_of(script);
  if (survey.open_since != 0)
    throw bad_line("open_transaction", script.file, survey.open_since,
                   "the transaction that begins here is never ended", "add COMMIT, or take it out");
  if (is_wrapped(survey)) {
    unwrap(script, survey);
    script.transaction = true;
    notices.push_back({Place{script.file.string(), survey.first.first_line},
                       "the BEGIN and COMMIT around the script were taken out"});
  } else if (survey.controls > 0) {
    run_outside(script, script.line, "it begins and ends transactions itself", notices);
  } else if (survey.outside != 0) {
    run_outside(script, survey.outside, "this statement cannot run in a transaction", notices);
  }
}

}  // namespace steward::importer
