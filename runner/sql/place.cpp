#include "runner/sql/place.h"

#include <algorithm>
#include <utility>

#include "runner/text.h"

namespace steward::sql {

Place place_in(std::string_view text, std::size_t at, const std::string& file, std::uint64_t line) {
  at = std::min(at, text.size());
  std::string_view before = text.substr(0, at);
  std::size_t begin = before.rfind('\n') + 1;  // npos + 1 is 0
  Place place;
  place.file = file;
  place.line = line + count_line_ends(before);
  place.column = count_characters(before.substr(begin)) + 1;
  std::string_view excerpt = text.substr(begin, text.find('\n', at) - begin);
  place.excerpt = printable(excerpt);
  return place;
}

Error error_at(const Fault& fault, Place place) {
  Error error(Exit::usage, fault.code, fault.message, "", fault.hint);
  error.at(std::move(place));
  return error;
}

}  // namespace steward::sql
