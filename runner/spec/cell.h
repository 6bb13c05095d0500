// The cells of a Markdown table, as text and back. A line is cut at each | that has no \ before
// it, as GitHub does it, also within code. SQL stands in backticks or, when it holds neither a
// backtick nor a backslash, without; what is written for people stands as it is, with <br> for a
// line end. Whatever a cell cannot hold is refused, never changed. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace steward::spec {

// The cells of a row, trimmed, with \| made |.
std::vector<std::string> cells_of(std::string_view line);

// The SQL in a cell; nullopt: it is neither plain nor one whole code span.
std::optional<std::string> sql_in(std::string_view cell);
// What is written for people.
std::string prose_in(std::string_view cell);

// A comment <!-- was: old_name --> outside of code: the old name of what stands before it.
struct WasComment {
  std::string before;  // the text before it, without what other such comments said
  std::string was;     // as it is written
};
// The text without these comments, each of which is added to the list.
std::string without_was(std::string_view text, std::vector<WasComment>& found);

// A cell that reads as this text; nullopt: none can.
std::optional<std::string> cell_of_sql(std::string_view sql);
std::optional<std::string> cell_of_prose(std::string_view prose);

// The SQL on one line: line ends outside of literals, with the space around them, are one space.
// nullopt: a literal, a quoted name or a comment goes over a line end.
std::optional<std::string> on_one_line(std::string_view sql);

std::string replaced(std::string_view text, std::string_view what, std::string_view with);

// Where what begins at `at` ends, when it is a literal or a quoted name; `at` itself otherwise.
// SQL as the server writes it: quotes are doubled, and only E'' knows backslashes.
std::size_t end_of_quoted(std::string_view text, std::size_t at);

// The parts between separators that stand outside of quotes and parentheses, trimmed.
std::vector<std::string_view> split_outside_quotes(std::string_view text, char separator);

// How much of the text a parenthesis that begins it takes, with both; 0: it begins with none, or is
// not closed.
std::size_t length_of_parenthesis(std::string_view text);

}  // namespace steward::spec
