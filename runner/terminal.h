// Terminals: whether a stream is one, how wide, whether it may be coloured, and the few styles that
// are used. Knows the environment variables of the convention (NO_COLOR, CLICOLOR_FORCE, TERM,
// COLUMNS).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace steward::terminal {

// What may be done with one stream.
struct Style {
  bool moving = false;  // a terminal on which a line can be drawn again
  bool color = false;
  std::size_t width = 80;  // columns
};

// no_color: --no-color was given.
Style of_stdout(bool no_color);
Style of_stderr(bool no_color);
// Whether stdin and stderr are terminals, so that a question can be asked and answered.
bool interactive();

enum class Tone { plain, strong, dim, good, warning, bad, name };

// text in that tone; unchanged when the style has no colour.
std::string paint(const Style& style, Tone tone, std::string_view text);

// The columns a UTF-8 text takes: one for each character, two for East Asian wide ones, none for
// combining marks and our own colour sequences.
std::size_t columns_of(std::string_view text);

// text cut to at most `width` columns, with an ellipsis when something was cut. No colour sequences
// in it.
std::string cut(std::string_view text, std::size_t width);

// text in lines of at most `width` columns, broken at spaces; a word that is longer has a line for
// itself. At least one line.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

// text with control characters (but for none) made visible as spaces, so that what a server or a
// file says cannot steer the terminal. Line ends stay when keep_lines is set.
std::string harmless(std::string_view text, bool keep_lines = false);

}  // namespace steward::terminal
