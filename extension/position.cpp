#include "extension/position.h"

namespace steward {
namespace {

const char* message_text() noexcept {
  return debug_query_string ? debug_query_string : "";
}

bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v' || c == ';';
}

const char* skip_line_comment(const char* p) noexcept {
  while (*p && *p != '\n') ++p;
  return p;
}

const char* skip_block_comment(const char* p) noexcept {
  int depth = 0;
  do {
    if (p[0] == '/' && p[1] == '*') {
      ++depth;
      p += 2;
    } else if (p[0] == '*' && p[1] == '/') {
      --depth;
      p += 2;
    } else if (*p) {
      ++p;
    }
  } while (depth > 0 && *p);
  return p;
}

// A statement's location includes the space and comments in front of it.
int first_token(int offset) noexcept {
  const char* text = message_text();
  const char* p = text + offset;
  for (;;) {
    if (is_space(*p))
      ++p;
    else if (p[0] == '-' && p[1] == '-')
      p = skip_line_comment(p);
    else if (p[0] == '/' && p[1] == '*')
      p = skip_block_comment(p);
    else
      return static_cast<int>(p - text);
  }
}

int newlines(int from, int to) noexcept {
  const char* text = message_text();
  return static_cast<int>(std::count(text + from, text + to, '\n'));
}

// Where the statement that calls us ends in its message, with its semicolon and the line's end.
int end_of_calling_statement() noexcept {
  const char* text = message_text();
  int length = static_cast<int>(std::strlen(text));
  if (!ActivePortal || ActivePortal->stmts == NIL || ActivePortal->sourceText != debug_query_string)
    return length;
  auto* statement = linitial_node(PlannedStmt, ActivePortal->stmts);
  if (statement->stmt_len <= 0) return length;
  int end = statement->stmt_location + statement->stmt_len;
  if (end < length && text[end] == ';') ++end;
  if (end < length && text[end] == '\n') ++end;
  return end;
}

}  // namespace

void Position::set(int line) noexcept {
  message_ = message();
  offset_ = next_ = end_of_calling_statement();
  line_ = line;
  known_ = true;
  goes_on_ = message_text()[offset_] == '\0';
}

void Position::follow() noexcept {
  if (message_ == message()) return;
  message_ = message();
  offset_ = next_ = 0;
  known_ = goes_on_;
  goes_on_ = false;
}

bool Position::known() noexcept {
  follow();
  return known_;
}

int Position::line_of(int offset) noexcept {
  follow();
  int token = first_token(offset);
  if (token < offset_) return line_;
  line_ += newlines(offset_, token);
  offset_ = token;
  return line_;
}

void Position::passed(int offset, int length) noexcept {
  follow();
  next_ = length > 0 ? offset + length : static_cast<int>(std::strlen(message_text()));
}

}  // namespace steward
