#include "runner/ship/offline.h"

#include "runner/sql.h"
#include "runner/text.h"

namespace steward::ship {
namespace {

std::string heads_text(const std::vector<std::string>& heads) {
  std::string text;
  for (const std::string& head : heads) text += (text.empty() ? "" : ", ") + head;
  return text.empty() ? "base" : text;
}

void print_kept(const plan::Step& step, const revision::Section& section,
                std::string_view direction, const Print& print) {
  if (step.file->copy || section.length <= inline_limit) return;
  each_piece(*step.file, section, [&](std::string_view piece) {
    print(keep_script(direction, piece));
    return true;
  });
}

void print_kept_scripts(const plan::Step& step, const Print& print) {
  print_kept(step, step.file->upgrade, "upgrade", print);
  if (step.file->downgrade) print_kept(step, *step.file->downgrade, "downgrade", print);
}

// The statements of a section with their data; `after` follows each.
void print_statements(const plan::Step& step, const revision::Section& section,
                      const Script& script, const Print& print,
                      const std::function<std::string(int)>& after) {
  revision::Reader reader(*step.file, section);
  sql::Splitter splitter(
      script.filling(*step.file,
                     [&](char* buffer, std::size_t size) { return reader.read(buffer, size); }),
      step.file->path.string(), section.line);
  for (sql::Statement statement; splitter.next(statement);) {
    print(statement.text);
    for (std::string rows; statement.copy_in && splitter.data(rows);) print(rows);
    if (statement.copy_in) print("\\.\n");
    // psql 15 stops reading at a ';' that follows COPY data: only what is open is closed.
    const bool open = statement.number > 0 && !statement.copy_in && !sql::is_closed(statement.text);
    print(open ? "\n;\n" : statement.copy_in ? "" : "\n");
    if (statement.number > 0) print(after(statement.number));
  }
}

// A verify section's last statement as one that fails unless each row is true.
void print_verify(const plan::Step& step, const Script& script, const Print& print) {
  if (!step.file->verify || step.direction != plan::Direction::upgrade) return;
  const std::string text = script.text(*step.file, *step.file->verify);
  sql::Splitter splitter(sql::source_of(text), step.file->path.string());
  std::string last;
  for (sql::Statement statement; splitter.next(statement);) {
    if (statement.number == 0) continue;
    print(last);
    last = std::string(trim(std::string_view(statement.text).substr(statement.first))) + "\n";
  }
  if (last.ends_with(";\n")) last.erase(last.size() - 2);
  if (last.empty()) return;
  print("\nDO " +
        dollar_quoted("BEGIN IF EXISTS (SELECT FROM (" + last +
                      "\n) AS answer (passed) WHERE answer.passed IS NOT TRUE) THEN "
                      "RAISE EXCEPTION 'revision % did not pass its verify section', " +
                      quote_literal(step.file->id) + "; END IF; END") +
        ";\n");
}

// Without the ';' by which the runner closes what a section left open.
std::string end_of(const Script& script) {
  return script.end().substr(2);
}

void print_inside(const plan::Step& step, const Script& script, const Print& print) {
  print("BEGIN;\n" + script.prelude(step) + script.begin(step));
  print_kept_scripts(step, print);
  print_statements(step, section_of(step), script, print, [](int) { return std::string(); });
  print_verify(step, script, print);
  print(end_of(script) + "COMMIT;\n" + reset_session);
}

void print_outside(const plan::Step& step, const Script& script, const Print& print) {
  print(script.session_prelude(step) + script.begin(step));
  print_kept_scripts(step, print);
  print_statements(step, section_of(step), script, print,
                   [](int number) { return mark_statement(number); });
  print(end_of(script) + reset_session);
}

}  // namespace

void print_offline(const plan::Plan& plan, const Script& script, const Print& print) {
  print("-- Made by steward " STEWARD_VERSION " for a database at " + heads_text(plan.expected) +
        "; anywhere else it stops.\n-- Run it with: psql -X -f FILE\n\\set ON_ERROR_STOP on\n");
  if (plan.expected.empty()) print("CREATE EXTENSION IF NOT EXISTS pg_steward;\n");
  for (const plan::Step& step : plan.steps) {
    print("\n-- " + std::string(plan::name_of(step.direction)) + " " + step.file->id + " " +
          printable(step.file->message) + "\n");
    if (section_of(step).options.transaction)
      print_inside(step, script, print);
    else
      print_outside(step, script, print);
  }
}

}  // namespace steward::ship
