#include "runner/import/version.h"

#include <algorithm>

#include "runner/text.h"

namespace steward::importer {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes the first component off, without its leading zeros; an absent one is 0, an empty text.
std::string_view take_component(std::string_view& version) {
  const std::size_t end = std::min(version.find('.'), version.size());
  std::string_view component = version.substr(0, end);
  version.remove_prefix(std::min(end + 1, version.size()));
  while (component.starts_with('0')) component.remove_prefix(1);
  return component;
}

}  // namespace

std::string_view leading_digits(std::string_view text) {
  return {text.begin(), std::find_if_not(text.begin(), text.end(), is_digit)};
}

std::string without_zeros(std::string_view digits) {
  while (digits.size() > 1 && digits.starts_with('0')) digits.remove_prefix(1);
  return std::string(digits);
}

bool version_less(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const std::string_view x = take_component(a);
    const std::string_view y = take_component(b);
    if (x.size() != y.size()) return x.size() < y.size();
    if (x != y) return x < y;
  }
  return false;
}

std::string words_of(std::string_view name) {
  std::string words(name);
  std::replace(words.begin(), words.end(), '_', ' ');
  return std::string(trim(words));
}

}  // namespace steward::importer
