// Version numbers in the names of files. Numbers are compared as numbers of any length. Pure.
#pragma once

#include <string>
#include <string_view>

namespace steward::importer {

// The digits that text begins with.
std::string_view leading_digits(std::string_view text);
// "0012" -> "12", "000" -> "0": a number as a tool records it that keeps numbers.
std::string without_zeros(std::string_view digits);
// Whether a comes before b: 2 < 10, 1 < 1.1 < 1.2 < 1.10. 1 and 1.0 are the same.
bool version_less(std::string_view a, std::string_view b);

// A file's name as words: underscores as spaces.
std::string words_of(std::string_view name);

}  // namespace steward::importer
