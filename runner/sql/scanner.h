// The scanner: cuts a script into pieces. Joining the text of all pieces gives the script back,
// byte by byte. It knows what a statement's end is (parentheses, BEGIN ATOMIC bodies, COPY data,
// psql's lines), and keeps of a statement only its first words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runner/sql/copy_data.h"
#include "runner/sql/fault.h"
#include "runner/sql/lexer.h"
#include "runner/sql/window.h"

namespace steward::sql {

enum class Piece : std::uint8_t {
  part,       // of the script: a statement's, or what stands between two
  statement,  // the rest of a statement, through its ';' (COPY FROM stdin: through the line's end)
  psql,       // a \restrict or \unrestrict line, without its line end
  rows,       // COPY data
  rows_end,   // the line that ends it
  directive,  // no text: the window stands at a line comment that begins with `steward:`
  end,        // no text: nothing follows
};

// statements: stops at each statement's end. sections: pieces as large as the window allows, for
// whoever only wants to know where a section ends; stops at directives.
enum class Cut : std::uint8_t { statements, sections };

class Scanner {
 public:
  Scanner(Window& window, Cut cut);

  // The next piece; text is valid until the next call. Throws Fault for an unterminated literal or
  // comment (at its beginning), a psql meta-command, COPY data without its end or with something
  // between it and the COPY's ';'.
  Piece next(std::string_view& text);

  // Of the statement under way or, after Piece::statement and at the end, the one that ended.
  bool blank() const { return blank_; }                // no token of it was seen
  std::uint64_t first() const { return first_; }       // where in the source its first token stands
  const std::string& words() const { return words_; }  // see Statement::words
  bool copy_in() const { return copy_in_; }

  // Of all that was read; an empty statement, a ';' alone, does not count.
  std::uint64_t statements() const { return statements_ + (ended_ || blank_ ? 0 : 1); }
  // The directive is the first thing on its line.
  bool directive_alone() const { return lexer_.first_on_line(); }

 private:
  // Why reading stopped before the end of what is in memory.
  enum class Stop : std::uint8_t { none, statement, copy_line, psql_line, directive };
  // What came before a word, as far as it says what the word means.
  enum class Before : std::uint8_t { other, dot, as, from, begin, atomic, semicolon };
  enum class Routine : std::uint8_t { no, heading, body };

  void begin_statement();
  void scan();
  void take(const Token& token);
  void take_symbol(char symbol);
  void take_word(std::string_view word);
  void add_to_words(std::string_view word);
  void follow_copy(std::string_view word);
  void follow_routine(std::string_view word);
  void end_statement();
  Piece stopped(std::string_view& text);
  Piece take_copy_line(std::string_view& text);
  Piece take_psql_line(std::string_view& text);
  Piece next_rows(std::string_view& text);
  void check_end() const;
  std::uint64_t offset_of(const char* place) const;

  Window& window_;
  Cut cut_;
  Lexer lexer_;
  CopyData data_;
  Stop stop_ = Stop::none;
  Routine routine_ = Routine::no;
  Before before_ = Before::other;
  bool ended_ = true;  // the statement: the next byte begins another
  bool in_data_ = false;
  bool blank_ = true;
  bool words_open_ = true;
  bool copy_ = false;
  bool copy_in_ = false;
  int word_count_ = 0;
  std::uint64_t depth_ = 0;  // of parentheses
  std::uint64_t first_ = 0;
  std::uint64_t opened_ = 0;  // where the open literal or comment begins
  std::uint64_t statements_ = 0;
  std::string words_;
};

}  // namespace steward::sql
