#include "runner/declared.h"

#include "runner/safety/predict.h"
#include "runner/text.h"

namespace steward {
namespace {

constexpr std::uint64_t longest_section = 256 * 1024;

Error undeclared(const plan::Step& step, const sql::Statement& statement) {
  const std::string name(plan::name_of(step.direction));
  Error error(
      Exit::usage, "needs_transaction_off",
      statement.words + " cannot run in a transaction, which each revision is",
      "revision \"" + step.file->id + "\"",
      "write transaction=off behind the section's marker: -- steward:" + name + " transaction=off");
  return error.at(
      {step.file->path.string(), statement.first_line, 0, statement.number,
       std::string(printable(std::string_view(statement.text).substr(statement.first)))});
}

void require(const plan::Step& step, const revision::Section& section) {
  const std::string text = revision::text(*step.file, section);
  if (!safety::may_hold_outsiders(text)) return;
  sql::Splitter splitter(sql::source_of(text), step.file->path.string(), section.line);
  for (sql::Statement statement; splitter.next(statement);) {
    for (std::string rows; statement.copy_in && splitter.data(rows);) continue;
    if (safety::runs_outside_transaction(statement)) throw undeclared(step, statement);
  }
}

}  // namespace

void require_declared(const plan::Plan& plan) {
  for (const plan::Step& step : plan.steps) {
    const revision::Section& section = plan::section_of(step);
    if (section.options.transaction && !section.empty && section.length <= longest_section)
      require(step, section);
  }
}

}  // namespace steward
