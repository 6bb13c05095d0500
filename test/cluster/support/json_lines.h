// What a verb says with --json: lines, of which the last is its result or its error.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace steward::test {

inline std::string last_line(const std::string& text) {
  if (text.size() < 2) return text;
  return text.substr(text.rfind('\n', text.size() - 2) + 1);
}

}  // namespace steward::test
