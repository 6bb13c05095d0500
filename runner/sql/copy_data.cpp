#include "runner/sql/copy_data.h"

#include <cstring>

namespace steward::sql {
namespace {

constexpr std::ptrdiff_t longest_kept = 32 * 1024;

bool ends_data(std::string_view line) {
  return line == "\\." || line == "\\.\r";
}

const char* find_line_end(const char* from, const char* end) {
  return static_cast<const char*>(std::memchr(from, '\n', static_cast<std::size_t>(end - from)));
}

std::string_view between(const char* from, const char* to) {
  return {from, static_cast<std::size_t>(to - from)};
}

}  // namespace

std::string_view CopyData::take(Window& window) {
  const char* const from = window.at;
  while (window.at != window.end && !at_end_) {
    const char* next = after_line(window, window.at);
    if (!next && window.at == from && window.end - from > longest_kept) {
      within_line_ = true;
      window.at = window.end;
    }
    if (!next) break;
    window.at = next;
  }
  return between(from, window.at);
}

// Where the line after this one begins; nullptr when that is not known yet, or this is the end.
const char* CopyData::after_line(const Window& window, const char* line) {
  const char* line_end = find_line_end(line, window.end);
  if (!line_end && !window.last) return nullptr;
  const char* stop = line_end ? line_end : window.end;
  at_end_ = !within_line_ && ends_data(between(line, stop));
  if (at_end_) return nullptr;
  within_line_ = false;
  return line_end ? line_end + 1 : window.end;
}

std::string_view CopyData::take_end(Window& window) {
  const char* from = window.at;
  const char* line_end = find_line_end(from, window.end);
  window.at = line_end ? line_end + 1 : window.end;
  return between(from, window.at);
}

}  // namespace steward::sql
