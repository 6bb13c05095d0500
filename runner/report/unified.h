// Two texts as one, line by line: what only the first has, what only the second has, what both
// have. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace steward::report {

struct DiffLine {
  char side;  // '-': of the first only, '+': of the second only, ' ': of both
  std::string text;
};

// As few lines of one side as there can be. Long stretches that are the same on both sides keep
// `context` lines around what differs; a line of side '.' stands for the rest.
std::vector<DiffLine> unified(std::string_view first, std::string_view second,
                              std::size_t context = 3);

}  // namespace steward::report
