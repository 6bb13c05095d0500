#include "runner/sql.h"
#include "runner/sql/lexer.h"
#include "runner/text.h"

namespace steward::sql {

std::string without_passwords(std::string_view text) {
  std::string result;
  Lexer lexer;
  const char* at = text.data();
  const char* const end = at + text.size();
  const char* copied = at;
  bool after_password = false;
  for (Token token = lexer.next(at, end, true); token.kind != Kind::more;
       token = lexer.next(at, end, true)) {
    if (token.kind == Kind::literal && after_password) {
      result.append(copied, token.begin).append("'***'");
      copied = token.end;
      continue;
    }
    const std::string word = lower(token.text());
    const bool joins = token.kind == Kind::comment || (token.kind == Kind::symbol && word == "=");
    if (!joins) after_password = word == "password" || word == "\"password\"";
  }
  return result.append(copied, end);
}

}  // namespace steward::sql
