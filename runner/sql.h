// The splitter: where statements begin and end, by the rules of the server's scanner (psql's own is
// wrong where an E'' literal goes on over a line end). It reads a script as a stream, so a file of
// any size runs in bounded memory (the longest single statement is the bound). It knows quotes (',
// E', U&, "), dollar quotes, nested comments, parentheses, BEGIN ATOMIC bodies and COPY ... FROM
// stdin data, and nothing of what a statement means: PostgreSQL is the only parser. (libpg_query's
// scanner cuts inside BEGIN ATOMIC in each release up to 18.1.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "runner/sql/window.h"  // Source

namespace steward::sql {

// One statement as written. Joining the text of all statements, all data and its `\.` lines gives
// the script again, but for the \restrict lines that are dropped.
struct Statement {
  std::string text;        // from the end of the one before, with its comments, through its ';'; of
                           // a COPY with data, through its line's end
  std::uint64_t line = 0;  // line of the file on which text begins
  std::size_t first = 0;   // offset in text of the first token that is not space or comment
  std::uint64_t first_line = 0;  // and that token's line
  int number = 0;        // from 1; 0 when there is nothing to execute: only space and comments (the
                         // script's tail), or a ';' alone
  bool copy_in = false;  // COPY ... FROM stdin: data lines follow, see Splitter::data
  std::string words;     // its first words, upper case, comments dropped: "CREATE UNIQUE INDEX
                         // CONCURRENTLY"; at most 12 words, literals and symbols end the list
};

// Throws Error (Exit::usage) with the place for: an unterminated quote, comment or dollar quote
// (the line where it opened), COPY data without its '\.', a psql meta-command (except \restrict and
// \unrestrict lines, which are dropped).
class Splitter {
 public:
  // file is only for messages; line is the file's line on which source begins.
  Splitter(Source source, std::string file, std::uint64_t line = 1);
  ~Splitter();
  Splitter(Splitter&&) noexcept;
  Splitter& operator=(Splitter&&) noexcept;

  // The next statement; false at the end. Comments and space after the last statement come as a
  // final Statement with number 0. After a statement with copy_in, data() must be called until it
  // returns false.
  bool next(Statement& statement);

  // The next rows of COPY data, without the '\.' line: whole lines, about 64 kB at a time (a line
  // that is longer comes in parts).
  bool data(std::string& rows);

  // The line of the file that will be read next.
  std::uint64_t line() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Whether PostgreSQL refuses this statement inside a transaction block, judged by its first words
// and, for those that depend on it, by a lexical look at the rest: CREATE/DROP INDEX CONCURRENTLY,
// REINDEX ... CONCURRENTLY, VACUUM, CREATE/DROP DATABASE or TABLESPACE, ALTER SYSTEM,
// DETACH PARTITION ... CONCURRENTLY, CLUSTER without a table, DISCARD ALL.
bool runs_outside_transaction(const Statement& statement);

// Whether the text's last token is a `;`: one in a comment behind it closes nothing.
bool is_closed(std::string_view text);

// Whether it is BEGIN, START TRANSACTION, COMMIT, END, ROLLBACK, ABORT or PREPARE TRANSACTION
// (ROLLBACK TO SAVEPOINT is not).
bool controls_transaction(const Statement& statement);

// The text with each literal that follows the word PASSWORD (CREATE ROLE, user mappings, ...) as
// '***', for whatever shows a statement to a person.
std::string without_passwords(std::string_view text);

// The text with comments dropped and every run of white space outside literals, quoted identifiers,
// dollar-quoted bodies and COPY data made one space, or none where it says nothing; each statement
// begins on a line. Two scripts that differ only in layout have equal forms. What no Splitter would
// take is returned as it is.
std::string squeezed(std::string_view script);

}  // namespace steward::sql
