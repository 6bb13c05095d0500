#include "runner/revision/canonical.h"

namespace steward::revision {
namespace {

// A line without the carriage returns at its end.
std::string_view without_end(std::string_view line) {
  while (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

std::string_view Canonical::finish() const {
  if (!any_) return {};
  return without_end(std::string_view(held_).substr(0, held_.find('\n')));
}

void Canonical::hold(std::string_view space) {
  for (char c : space) {
    if (c == '\n') held_.resize(without_end(held_).size());
    held_ += c;
  }
}

Canonical::LineEnd Canonical::line_end(std::string_view text) {
  for (std::size_t at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at)) {
    const std::size_t begin = at;
    while (text[at] == '\r') ++at;  // a body never ends in one
    if (text[at] == '\n') return {begin, at};
  }
  return {std::string_view::npos, 0};
}

std::size_t canonical_length(std::string_view text) {
  std::string_view ending = trim(text);
  if (ending.empty()) return 0;
  std::size_t end = static_cast<std::size_t>(ending.data() + ending.size() - text.data());
  return without_end(text.substr(0, text.find('\n', end))).size();
}

}  // namespace steward::revision
