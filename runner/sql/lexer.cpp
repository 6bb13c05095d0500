#include "runner/sql/lexer.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace steward::sql {
namespace {

enum Class : std::uint8_t {
  other,
  space,
  letter,
  digit,
  quoting,
  dollar_sign,
  comment_start,
  slash
};

constexpr std::array<Class, 256> make_classes() {
  std::array<Class, 256> table{};
  for (std::size_t c = 0; c < 256; ++c) {
    bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c >= 0x80;
    if (is_letter) table[c] = letter;
    if (c >= '0' && c <= '9') table[c] = digit;
    if (c == ' ' || (c >= '\t' && c <= '\r')) table[c] = space;
  }
  table['\''] = table['"'] = quoting;
  table['$'] = dollar_sign;
  table['-'] = table['/'] = comment_start;
  table['\\'] = slash;
  return table;
}

constexpr std::array<Class, 256> classes = make_classes();

constexpr Class class_of(char c) {
  return classes[static_cast<unsigned char>(c)];
}

// Objects and not functions, so that the searches below are compiled around them.
constexpr auto is_digit = [](char c) { return class_of(c) == digit; };
constexpr auto starts_tag = [](char c) { return class_of(c) == letter; };
constexpr auto continues_tag = [](char c) { return class_of(c) == letter || class_of(c) == digit; };
constexpr auto continues_word = [](char c) { return continues_tag(c) || c == '$'; };

const char* find(const char* from, const char* end, char c) {
  const void* found = std::memchr(from, c, static_cast<std::size_t>(end - from));
  return found ? static_cast<const char*>(found) : end;
}

// Below this size a line comment is not cut, so that what it says can be read.
constexpr std::ptrdiff_t whole_comment = 200;

}  // namespace

Token Lexer::next(const char*& at, const char* end, bool last) {
  if (inside_ != Inside::nothing) {
    if (at == end) return {Kind::more, at, at};
    return resume(at, at, end, last);
  }
  at = skip_space(at, end);
  if (at == end) return {Kind::more, at, at};
  Token token = begin(at, end, last);
  if (token.kind == Kind::more) return token;
  first_on_line_ = line_end_seen_;
  line_end_seen_ = false;
  // A line comment may stand between the parts of a literal, anything else ends it.
  bool line_comment = token.kind == Kind::comment && *token.begin == '-';
  bool closed_escape = token.kind == Kind::literal && continuation_ == Continuation::same_line;
  if (!line_comment && !closed_escape) continuation_ = Continuation::none;
  return token;
}

const char* Lexer::skip_space(const char* at, const char* end) {
  for (; at != end && class_of(*at) == space; ++at) {
    if (*at != '\n' && *at != '\r') continue;
    line_end_seen_ = line_end_seen_ || *at == '\n';
    if (continuation_ != Continuation::none) continuation_ = Continuation::next_line;
  }
  return at;
}

Token Lexer::begin(const char*& at, const char* end, bool last) {
  switch (class_of(*at)) {
    case letter:
      return word(at, end, last);
    case digit:
      return number(at, end, last);
    case quoting:
      return quote(at, end, last);
    case dollar_sign:
      return dollar(at, end, last);
    case comment_start:
      return dash_or_slash(at, end, last);
    case slash:
      return take(at, at + 1, Kind::backslash);
    default:
      return take(at, at + 1, Kind::symbol);
  }
}

Token Lexer::take(const char*& at, const char* end, Kind kind) {
  Token token{kind, at, end};
  at = end;
  return token;
}

Token Lexer::word(const char*& at, const char* end, bool last) {
  const char* stop = std::find_if_not(at + 1, end, continues_word);
  if (stop == end && !last) return {Kind::more, at, at};
  bool escape = stop - at == 1 && (*at == 'E' || *at == 'e') && stop != end && *stop == '\'';
  if (!escape) return take(at, stop, Kind::word);
  inside_ = Inside::escape_quote;
  return resume(at, stop + 1, end, last);
}

Token Lexer::number(const char*& at, const char* end, bool last) {
  const char* stop = std::find_if_not(at + 1, end, continues_tag);
  if (stop == end && !last) return {Kind::more, at, at};
  return take(at, stop, Kind::number);
}

// A parameter, a dollar quote, or a character that means nothing.
Token Lexer::dollar(const char*& at, const char* end, bool last) {
  const char* next = at + 1;
  const char* stop = next;
  if (stop != end && is_digit(*stop)) {
    stop = std::find_if_not(stop, end, is_digit);
    if (stop == end && !last) return {Kind::more, at, at};
    return take(at, stop, Kind::number);
  }
  if (stop != end && starts_tag(*stop)) stop = std::find_if_not(stop, end, continues_tag);
  if (stop == end && !last) return {Kind::more, at, at};
  if (stop == end || *stop != '$') return take(at, next, Kind::symbol);
  delimiter_.assign(at, stop + 1);
  inside_ = Inside::dollar_quote;
  return resume(at, stop + 1, end, last);
}

Token Lexer::quote(const char*& at, const char* end, bool last) {
  if (*at == '"')
    inside_ = Inside::identifier;
  else
    inside_ = continuation_ == Continuation::next_line ? Inside::escape_quote : Inside::quote;
  continuation_ = Continuation::none;
  return resume(at, at + 1, end, last);
}

// `--` and `/*` begin a comment also within what looks like an operator, as in the server's
// scanner.
Token Lexer::dash_or_slash(const char*& at, const char* end, bool last) {
  if (at + 1 == end && !last) return {Kind::more, at, at};
  if (at + 1 != end && at[0] == '-' && at[1] == '-') {
    if (!last && end - at < whole_comment && end_of_line_comment(at, end) == end)
      return {Kind::more, at, at};
    inside_ = Inside::line_comment;
    return resume(at, at + 2, end, last);
  }
  if (at + 1 != end && at[0] == '/' && at[1] == '*') {
    inside_ = Inside::block_comment;
    depth_ = 1;
    return resume(at, at + 2, end, last);
  }
  return take(at, at + 1, Kind::symbol);
}

Token Lexer::resume(const char*& at, const char* from, const char* end, bool last) {
  Kind kind = Kind::literal;
  if (inside_ == Inside::identifier) kind = Kind::identifier;
  if (inside_ == Inside::line_comment || inside_ == Inside::block_comment) kind = Kind::comment;
  const char* stop = find_end(from, end, last);
  if (stop == at && inside_ != Inside::nothing) return {Kind::more, at, at};
  return take(at, stop, kind);
}

// How far the open literal or comment reaches: past its end, and inside_ is nothing; or to where
// its next part begins.
const char* Lexer::find_end(const char* from, const char* end, bool last) {
  switch (inside_) {
    case Inside::nothing:
      return from;
    case Inside::line_comment:
      from = end_of_line_comment(from, end);
      if (from != end || last) inside_ = Inside::nothing;
      return from;
    case Inside::block_comment:
      return end_of_block_comment(from, end, last);
    case Inside::quote:
      return end_of_quote(from, end, last, '\'');
    case Inside::identifier:
      return end_of_quote(from, end, last, '"');
    case Inside::escape_quote:
      return end_of_escape_quote(from, end, last);
    case Inside::dollar_quote:
      return end_of_dollar_quote(from, end, last);
  }
  return end;
}

// A carriage return ends it too: what follows it is executed.
const char* Lexer::end_of_line_comment(const char* from, const char* end) {
  return find(from, find(from, end, '\n'), '\r');
}

const char* Lexer::end_of_block_comment(const char* from, const char* end, bool last) {
  for (; from != end; ++from) {
    if (*from != '*' && *from != '/') continue;
    if (from + 1 == end) return last ? end : from;
    if (from[0] == '*' && from[1] == '/') {
      ++from;
      if (--depth_ > 0) continue;
      inside_ = Inside::nothing;
      return from + 1;
    }
    if (from[0] == '/' && from[1] == '*') {
      ++from;
      ++depth_;
    }
  }
  return end;
}

const char* Lexer::end_of_quote(const char* from, const char* end, bool last, char quote) {
  for (;;) {
    from = find(from, end, quote);
    if (from == end) return end;
    if (from + 1 == end && !last) return from;
    if (from + 1 == end || from[1] != quote) break;
    from += 2;
  }
  inside_ = Inside::nothing;
  return from + 1;
}

const char* Lexer::end_of_escape_quote(const char* from, const char* end, bool last) {
  while (from != end) {
    if (*from != '\\' && *from != '\'') {
      ++from;
      continue;
    }
    if (from + 1 == end && !last) return from;
    bool closes = *from == '\'' && (from + 1 == end || from[1] != '\'');
    if (closes) {
      inside_ = Inside::nothing;
      continuation_ = Continuation::same_line;
      return from + 1;
    }
    from += from + 1 == end ? 1 : 2;
  }
  return end;
}

const char* Lexer::end_of_dollar_quote(const char* from, const char* end, bool last) {
  std::string_view rest(from, static_cast<std::size_t>(end - from));
  std::size_t found = rest.find(delimiter_);
  if (found != std::string_view::npos) {
    inside_ = Inside::nothing;
    return from + found + delimiter_.size();
  }
  // The delimiter may have begun.
  std::size_t kept = last ? 0 : std::min(rest.size(), delimiter_.size() - 1);
  return end - kept;
}

}  // namespace steward::sql
