#include "runner/rows.h"

#include <charconv>
#include <stdexcept>

namespace steward::pg {
namespace {

// One element of an array's text, from position `at` on; leaves `at` behind it.
std::string parse_element(std::string_view text, std::size_t& at) {
  std::string element;
  const bool quoted = at < text.size() && text[at] == '"';
  if (quoted) ++at;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted ? c == '"' : c == ',' || c == '}') break;
    if (c == '\\' && at + 1 < text.size()) ++at;
    element += text[at];
  }
  if (quoted && at < text.size()) ++at;
  return !quoted && element == "NULL" ? std::string{} : element;
}

}  // namespace

std::size_t Rows::index(std::size_t row, std::size_t column) const {
  const std::size_t position = row * columns_.size() + column;
  if (column >= columns_.size() || position >= ends_.size())
    throw std::out_of_range("no such row or column in a query's result");
  return position;
}

std::optional<std::string_view> Rows::get(std::size_t row, std::size_t column) const {
  const std::size_t position = index(row, column);
  if (ends_[position] % 2 != 0) return std::nullopt;
  const std::size_t begin = position == 0 ? 0 : ends_[position - 1] / 2;
  return std::string_view(bytes_).substr(begin, ends_[position] / 2 - begin);
}

std::string_view Rows::text(std::size_t row, std::size_t column) const {
  return get(row, column).value_or(std::string_view{});
}

std::int64_t Rows::number(std::size_t row, std::size_t column) const {
  const std::string_view digits = text(row, column);
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::vector<std::string> Rows::list(std::size_t row, std::size_t column) const {
  return parse_array(text(row, column));
}

void Rows::add(std::optional<std::string_view> value) {
  if (value) bytes_ += *value;
  ends_.push_back(bytes_.size() * 2 + (value ? 0 : 1));
}

std::vector<std::string> parse_array(std::string_view text) {
  std::vector<std::string> elements;
  if (text.size() <= 2) return elements;
  for (std::size_t at = 1; at < text.size(); ++at) {
    elements.push_back(parse_element(text, at));
    if (at >= text.size() || text[at] == '}') break;
  }
  return elements;
}

std::string format_array(const std::vector<std::string>& values) {
  std::string text = "{";
  for (const std::string& value : values) {
    if (text.size() > 1) text += ',';
    text += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text + '}';
}

}  // namespace steward::pg
