// The lines by which a tool divides its files: comments such as `-- migrate:down`. Such a line
// counts only where SQL has a comment: never within a literal, a function's body or COPY data.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "runner/import/history.h"

namespace steward::importer {

// A `--` comment of a script.
struct Comment {
  std::size_t line;  // its index among the script's lines, from 0
  bool alone;        // nothing but space before it on its line
  std::string text;  // without the dashes and the space around it; at most 200 bytes
};

// All of them, in order. Throws what the splitter throws, with file and line.
std::vector<Comment> comments_of(const Script& script);

// The script's lines [first, last) as a script of their own, which knows its line in the file.
Script part_of(const Script& script, std::size_t first, std::size_t last);

// Makes a line empty; all others keep their place.
void blank_line(Script& script, std::size_t index);

}  // namespace steward::importer
