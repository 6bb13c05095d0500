#include "runner/error.h"
#include "runner/sql.h"
#include "runner/sql/lexer.h"

namespace steward::sql {
namespace {

// Beside these a space says nothing.
bool stands_alone(char c) {
  return c == '(' || c == ')' || c == ',' || c == ';';
}

// An E'' literal's parts are joined by the line end between them, so that one must stay a line end.
std::string squeezed_statement(std::string_view text) {
  std::string result;
  Lexer lexer;
  const char* at = text.data();
  const char* const end = at + text.size();
  const char* after = at;  // the last token that was kept
  for (Token token = lexer.next(at, end, true); token.kind != Kind::more;
       token = lexer.next(at, end, true)) {
    if (token.kind == Kind::comment) continue;
    std::string_view gap(after, static_cast<std::size_t>(token.begin - after));
    bool joins = token.kind == Kind::literal && *token.begin == '\'' && !result.empty() &&
                 result.back() == '\'' && gap.find('\n') != std::string_view::npos;
    bool matters = !gap.empty() && !result.empty() && !stands_alone(*token.begin) &&
                   !stands_alone(result.back());
    if (matters) result += joins ? '\n' : ' ';
    result += token.text();
    after = token.end;
  }
  return result;
}

void add_line(std::string& result, std::string_view line) {
  if (line.empty()) return;
  if (!result.empty() && result.back() != '\n') result += '\n';
  result += line;
}

// Data are no SQL: in them every space counts.
void add_data(std::string& result, Splitter& splitter) {
  result += '\n';
  for (std::string rows; splitter.data(rows);) result += rows;
  result += "\\.\n";
}

}  // namespace

std::string squeezed(std::string_view script) {
  std::string result;
  try {
    Splitter splitter(source_of(script), "");
    for (Statement statement; splitter.next(statement);) {
      add_line(result, squeezed_statement(statement.text));
      if (statement.copy_in) add_data(result, splitter);
    }
  } catch (const Error&) {
    return std::string(script);  // no script: only itself is the same
  }
  return result;
}

}  // namespace steward::sql
