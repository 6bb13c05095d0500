#include "runner/sql.h"
#include "runner/sql/lexer.h"

namespace steward::sql {

// An E'' literal's parts are joined by the line end between them, so that one must stay a line end.
std::string squeezed(std::string_view script) {
  std::string result;
  Lexer lexer;
  const char* at = script.data();
  const char* const end = at + script.size();
  const char* after = at;  // the last token that was kept
  for (Token token = lexer.next(at, end, true); token.kind != Kind::more;
       token = lexer.next(at, end, true)) {
    if (token.kind == Kind::comment) continue;
    std::string_view gap(after, static_cast<std::size_t>(token.begin - after));
    bool joins = token.kind == Kind::literal && *token.begin == '\'' && !result.empty() &&
                 result.back() == '\'' && gap.find('\n') != std::string_view::npos;
    if (!gap.empty() && !result.empty()) result += joins ? '\n' : ' ';
    result += token.text();
    after = token.end;
  }
  return result;
}

}  // namespace steward::sql
