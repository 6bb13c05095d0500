#include "runner/report/unified.h"

#include <algorithm>

namespace steward::report {
namespace {

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines lines;
  for (std::size_t at = 0; at < text.size() || (at == text.size() && at > 0);) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// common[i][j]: the length of the longest common part of what follows line i of the first and line
// j of the second.
std::vector<std::vector<std::size_t>> common_lengths(const Lines& first, const Lines& second) {
  std::vector<std::vector<std::size_t>> common(first.size() + 1,
                                               std::vector<std::size_t>(second.size() + 1, 0));
  for (std::size_t i = first.size(); i-- > 0;)
    for (std::size_t j = second.size(); j-- > 0;)
      common[i][j] = first[i] == second[j] ? common[i + 1][j + 1] + 1
                                           : std::max(common[i + 1][j], common[i][j + 1]);
  return common;
}

std::vector<DiffLine> compare(const Lines& first, const Lines& second) {
  const auto common = common_lengths(first, second);
  std::vector<DiffLine> lines;
  std::size_t i = 0, j = 0;
  while (i < first.size() || j < second.size()) {
    if (i < first.size() && j < second.size() && first[i] == second[j]) {
      lines.push_back({' ', std::string(first[i])});
      ++i, ++j;
    } else if (j == second.size() || (i < first.size() && common[i + 1][j] >= common[i][j + 1])) {
      lines.push_back({'-', std::string(first[i++])});
    } else {
      lines.push_back({'+', std::string(second[j++])});
    }
  }
  return lines;
}

// Which lines are near enough to one that differs.
std::vector<bool> near_a_difference(const std::vector<DiffLine>& lines, std::size_t context) {
  std::vector<bool> near(lines.size(), false);
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (lines[at].side == ' ') continue;
    const std::size_t end = std::min(lines.size(), at + context + 1);
    for (std::size_t n = at - std::min(at, context); n < end; ++n) near[n] = true;
  }
  return near;
}

}  // namespace

std::vector<DiffLine> unified(std::string_view first, std::string_view second,
                              std::size_t context) {
  const std::vector<DiffLine> all = compare(lines_of(first), lines_of(second));
  const std::vector<bool> near = near_a_difference(all, context);
  std::vector<DiffLine> kept;
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (near[at])
      kept.push_back(all[at]);
    else if (kept.empty() || kept.back().side != '.')
      kept.push_back({'.', ""});
  }
  return kept;
}

}  // namespace steward::report
