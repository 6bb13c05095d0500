#include "runner/revision/canonical.h"

#include <algorithm>

namespace steward::revision {

std::string_view Canonical::finish() const {
  if (!any_) return {};
  return std::string_view(held_).substr(0, held_.find('\n'));
}

void Canonical::hold(std::string_view space) {
  for (char c : space) {
    if (c == '\n' && held_.ends_with('\r')) held_.pop_back();
    held_ += c;
  }
}

std::size_t Canonical::before_crlf(std::string_view text) {
  std::size_t at = text.find('\r');
  while (at != std::string_view::npos && text[at + 1] != '\n') at = text.find('\r', at + 1);
  return at;
}

std::size_t canonical_length(std::string_view text) {
  std::string_view ending = trim(text);
  if (ending.empty()) return 0;
  std::size_t end = static_cast<std::size_t>(ending.data() + ending.size() - text.data());
  return std::min(text.find('\n', end), text.size());
}

}  // namespace steward::revision
