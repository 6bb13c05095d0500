// The lines by which a tool divides its files: comments such as `-- migrate:down`. Such a line counts
// only where SQL has a comment: never within a literal, a function's body or COPY data.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "runner/import/history.h"

namespace steward::importer {

// A line that is nothing but a `--` comment, in a script's text.
struct CommentLine {
  std::size_t index;      // among the script's lines, from 0
  std::string_view text;  // without its line end; a view into the script's text
};

// All of them, in order. Throws what the splitter throws, with file and line.
std::vector<CommentLine> comment_lines(const Script& script);

// The script's lines [first, last) as a script of their own, which knows its line in the file.
Script part_of(const Script& script, std::size_t first, std::size_t last);

// Makes a line empty; all others keep their place.
void blank_line(Script& script, std::size_t index);

}  // namespace steward::importer
