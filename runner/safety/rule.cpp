#include "runner/safety/rule.h"

#include <algorithm>
#include <cctype>

#include "runner/text.h"

namespace steward::safety {
namespace {

bool is_plain_word(std::string_view word) {
  return !word.empty() && std::isdigit(static_cast<unsigned char>(word[0])) == 0 &&
         std::all_of(word.begin(), word.end(), [](unsigned char c) {
           return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '_';
         });
}

}  // namespace

std::string quoted(const std::string& name) {
  std::string result;
  for (std::string_view part : split(name, '.'))
    result += (result.empty() ? "" : ".") +
              (is_plain_word(part) ? std::string(part) : quote_identifier(part));
  return result;
}

std::string column_name(const Scene& scene) {
  return scene.action.relation + "." + scene.action.object;
}

std::string joined_columns(const std::vector<std::string>& columns) {
  std::vector<std::string> names;
  for (const std::string& column : columns) names.push_back(quoted(column));
  return joined(names);
}

std::string alter(const Scene& scene) {
  return "ALTER TABLE " + quoted(scene.relation()) + " ";
}

}  // namespace steward::safety
