// The lexer: tokens, by the rules of the server's own scanner, as far as it takes to know where one
// ends. It reads whatever part of the script is in memory and goes on where it stopped; literals
// and comments may be of any length.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace steward::sql {

enum class Kind : std::uint8_t {
  more,        // nothing can be judged without the bytes that follow
  word,        // a keyword or an unquoted identifier
  number,      // also a parameter: $1
  literal,     // '', E'', $$ $$
  identifier,  // ""
  comment,
  symbol,     // any other single character
  backslash,  // outside everything: psql's, never SQL's
};

struct Token {
  Kind kind;
  const char* begin;
  const char* end;
  std::string_view text() const { return {begin, static_cast<std::size_t>(end - begin)}; }
};

// What is open where the lexer stands.
enum class Inside : std::uint8_t {
  nothing,
  line_comment,
  block_comment,
  quote,
  escape_quote,
  identifier,
  dollar_quote,
};

class Lexer {
 public:
  // Skips white space, takes one token off [at, end) and moves `at` past it. Kind::more: call again
  // with [at, end) followed by more bytes. `last`: nothing follows. A literal or a comment that
  // ends beyond `end` comes in several tokens of the same kind; the first 200 bytes of a line
  // comment come in one.
  Token next(const char*& at, const char* end, bool last);

  Inside inside() const { return inside_; }
  // Whether the token that was returned is the first on its line.
  bool first_on_line() const { return first_on_line_; }

 private:
  // psql and the server carry an E'' literal on in a plain quote, if a line end is in between.
  enum class Continuation : std::uint8_t { none, same_line, next_line };

  const char* skip_space(const char* at, const char* end);
  Token begin(const char*& at, const char* end, bool last);
  Token take(const char*& at, const char* end, Kind kind);
  Token word(const char*& at, const char* end, bool last);
  Token number(const char*& at, const char* end, bool last);
  Token dollar(const char*& at, const char* end, bool last);
  Token quote(const char*& at, const char* end, bool last);
  Token dash_or_slash(const char*& at, const char* end, bool last);
  Token resume(const char*& at, const char* from, const char* end, bool last);
  const char* find_end(const char* from, const char* end, bool last);
  const char* end_of_line_comment(const char* from, const char* end);
  const char* end_of_block_comment(const char* from, const char* end, bool last);
  const char* end_of_quote(const char* from, const char* end, bool last, char quote);
  const char* end_of_escape_quote(const char* from, const char* end, bool last);
  const char* end_of_dollar_quote(const char* from, const char* end, bool last);

  Inside inside_ = Inside::nothing;
  Continuation continuation_ = Continuation::none;
  bool line_end_seen_ = true;  // since the last token
  bool first_on_line_ = true;
  int depth_ = 0;          // of nested comments
  std::string delimiter_;  // of the dollar quote
};

}  // namespace steward::sql
