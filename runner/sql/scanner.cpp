#include "runner/sql/scanner.h"

#include <algorithm>

#include "runner/text.h"

namespace steward::sql {
namespace {

constexpr int most_words = 12;
constexpr std::size_t longest_word = 63;  // the server cuts identifiers there
constexpr std::string_view directive_prefix = "steward:";

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool is(std::string_view word, std::string_view keyword) {
  return word.size() == keyword.size() && std::equal(word.begin(), word.end(), keyword.begin(),
                                                     [](char a, char b) { return upper(a) == b; });
}

bool is_directive(std::string_view comment) {
  return comment.starts_with("--") && trim(comment.substr(2)).starts_with(directive_prefix);
}

bool makes_routine(std::string_view words) {
  return words == "CREATE FUNCTION" || words == "CREATE PROCEDURE" ||
         words == "CREATE OR REPLACE FUNCTION" || words == "CREATE OR REPLACE PROCEDURE";
}

Fault unterminated(Inside inside, std::uint64_t offset) {
  switch (inside) {
    case Inside::block_comment:
      return {"unterminated_comment", "unterminated /* comment", "close it with */", offset};
    case Inside::identifier:
      return {"unterminated_identifier", "unterminated quoted identifier", "close it with \"",
              offset};
    case Inside::dollar_quote:
      return {"unterminated_dollar_quote", "unterminated dollar-quoted string",
              "close it with the tag it was opened with", offset};
    default:
      return {"unterminated_quote", "unterminated quoted string", "close it with '", offset};
  }
}

}  // namespace

Scanner::Scanner(Window& window, Cut cut) : window_(window), cut_(cut) {}

Piece Scanner::next(std::string_view& text) {
  if (in_data_) return next_rows(text);
  if (ended_ && stop_ == Stop::none) begin_statement();
  while (stop_ == Stop::none) {
    const std::uint64_t from = window_.offset();
    scan();
    std::size_t size = static_cast<std::size_t>(window_.offset() - from);
    text = {window_.at - size, size};
    if (stop_ == Stop::statement) return stopped(text);
    if (size > 0) return Piece::part;
    if (stop_ == Stop::none && !window_.fill()) {
      check_end();
      return Piece::end;
    }
  }
  return stopped(text);
}

Piece Scanner::stopped(std::string_view& text) {
  Stop stop = stop_;
  stop_ = Stop::none;
  switch (stop) {
    case Stop::copy_line:
      return take_copy_line(text);
    case Stop::psql_line:
      return take_psql_line(text);
    case Stop::directive:
      check_end();
      text = {};
      return Piece::directive;
    default:
      return Piece::statement;
  }
}

void Scanner::begin_statement() {
  ended_ = false;
  blank_ = words_open_ = true;
  copy_ = copy_in_ = false;
  routine_ = Routine::no;
  before_ = Before::other;
  word_count_ = 0;
  depth_ = 0;
  words_.clear();
}

std::uint64_t Scanner::offset_of(const char* place) const {
  return window_.offset() - static_cast<std::uint64_t>(window_.at - place);
}

// Reads on to where a piece ends, or to the end of what is in memory.
void Scanner::scan() {
  while (stop_ == Stop::none) {
    const bool was_open = lexer_.inside() != Inside::nothing;
    Token token = lexer_.next(window_.at, window_.end, window_.last);
    if (token.kind == Kind::more) return;
    if (was_open) continue;
    if (lexer_.inside() != Inside::nothing) opened_ = offset_of(token.begin);
    take(token);
  }
}

void Scanner::take(const Token& token) {
  if (token.kind == Kind::comment) {
    if (cut_ != Cut::sections || !is_directive(token.text())) return;
    stop_ = Stop::directive;
    window_.at = token.begin;
    return;
  }
  if (token.kind == Kind::backslash) {
    stop_ = Stop::psql_line;
    window_.at = token.begin;
    return;
  }
  if (blank_ && *token.begin != ';') {
    blank_ = false;
    first_ = offset_of(token.begin);
  }
  if (token.kind == Kind::word) return take_word(token.text());
  words_open_ = false;
  before_ = Before::other;
  if (token.kind == Kind::symbol) take_symbol(*token.begin);
}

void Scanner::take_symbol(char symbol) {
  if (symbol == '(') ++depth_;
  if (symbol == ')' && depth_ > 0) --depth_;
  if (symbol == '.') before_ = Before::dot;
  if (symbol != ';') return;
  if (depth_ == 0 && routine_ != Routine::body) return end_statement();
  before_ = Before::semicolon;
}

void Scanner::end_statement() {
  ended_ = true;
  if (!blank_) ++statements_;
  if (copy_in_)
    stop_ = Stop::copy_line;
  else if (cut_ == Cut::statements)
    stop_ = Stop::statement;
  else
    begin_statement();
}

void Scanner::take_word(std::string_view word) {
  if (words_open_) add_to_words(word);
  if (copy_)
    follow_copy(word);
  else if (routine_ != Routine::no)
    follow_routine(word);
}

void Scanner::add_to_words(std::string_view word) {
  if (word_count_ > 0) words_ += ' ';
  for (char c : word.substr(0, longest_word)) words_ += upper(c);
  ++word_count_;
  words_open_ = word_count_ < most_words;
  if (word_count_ == 1) copy_ = words_ == "COPY";
  if (makes_routine(words_)) routine_ = Routine::heading;
}

// COPY t FROM stdin; the server takes FROM stdout for the same.
void Scanner::follow_copy(std::string_view word) {
  if (depth_ > 0) return;
  if (before_ == Before::from && (is(word, "STDIN") || is(word, "STDOUT"))) copy_in_ = true;
  before_ = before_ != Before::dot && is(word, "FROM") ? Before::from : Before::other;
}

// BEGIN ATOMIC statement; statement; END. The grammar ends each statement of the body with a ';',
// so the END that closes the body is the one after a ';' or after ATOMIC: no CASE, alias or column
// of that name can be mistaken for it.
void Scanner::follow_routine(std::string_view word) {
  Before before = before_;
  before_ = Before::other;
  if (depth_ > 0) return;
  if (routine_ == Routine::body) {
    bool may_close = before == Before::semicolon || before == Before::atomic;
    if (may_close && is(word, "END")) routine_ = Routine::no;
  } else if (before == Before::begin && is(word, "ATOMIC")) {
    routine_ = Routine::body;
    before_ = Before::atomic;
  } else if (before != Before::dot && before != Before::as && is(word, "BEGIN")) {
    before_ = Before::begin;
  } else if (is(word, "AS")) {
    before_ = Before::as;
  }
}

// What stands between the ';' and the data. psql would run it after the data; nobody means that.
Piece Scanner::take_copy_line(std::string_view& text) {
  std::string_view line = window_.line();
  std::string_view rest = trim(line);
  if (!rest.empty() && !rest.starts_with("--"))
    throw Fault{"text_before_copy_data", "text between COPY ... FROM stdin and its data",
                "begin the data on the next line, and what follows after the \\. line",
                offset_of(rest.data())};
  text = window_.rest().substr(0, line.size() + 1);
  window_.at += text.size();
  in_data_ = true;
  data_ = CopyData();
  return Piece::statement;
}

Piece Scanner::take_psql_line(std::string_view& text) {
  text = window_.line();
  std::string_view command = text.substr(0, text.find_first_of(" \t\r\f\v;"));
  bool harmless = command == "\\restrict" || command == "\\unrestrict";
  if (!harmless || !blank_ || !lexer_.first_on_line())
    throw Fault{"psql_command", "psql meta-command \"" + printable(command, 40) + "\"",
                "only psql knows these: write it as SQL, or take the line out", window_.offset()};
  window_.at += text.size();
  return Piece::psql;
}

Piece Scanner::next_rows(std::string_view& text) {
  for (;;) {
    text = data_.take(window_);
    if (!text.empty()) return Piece::rows;
    if (data_.at_end()) break;
    if (!window_.fill())
      throw Fault{"unterminated_copy", "COPY data without its end", "end it with a line \\.",
                  first_};
  }
  text = data_.take_end(window_);
  in_data_ = false;
  lexer_ = Lexer();
  return Piece::rows_end;
}

void Scanner::check_end() const {
  bool open = lexer_.inside() != Inside::nothing && lexer_.inside() != Inside::line_comment;
  if (open) throw unterminated(lexer_.inside(), opened_);
  if (copy_in_ && !ended_)
    throw Fault{"unterminated_copy", "COPY ... FROM stdin without data",
                "end the statement with ; and write the data on the lines after it", first_};
}

}  // namespace steward::sql
