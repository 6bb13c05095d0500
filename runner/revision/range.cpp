// range() of runner/revision/target.h.
#include <algorithm>
#include <cstdlib>

#include "runner/error.h"
#include "runner/revision/target.h"
#include "runner/revision/walk.h"
#include "runner/text.h"

namespace steward::revision {
namespace {

bool is_relative(std::string_view side) {
  return side.starts_with('+') || side.starts_with('-');
}

long steps_of(std::string_view side) {
  return std::strtol(std::string(side).c_str(), nullptr, 10);
}

// The one revision a relative side is counted from.
std::string only_one(const Ids& ids, std::string_view side) {
  if (ids.size() <= 1) return ids.empty() ? "" : ids.front();
  throw Error(Exit::graph, "multiple_heads",
              in_quotes(side) + " could be counted from each of " + joined(ids), "",
              "name a revision, or LABEL@head, on the other side of the :");
}

struct Range {
  std::string lower;  // empty: base
  Ids upper;
};

Range parse_range(const Graph& graph, const Applied& applied, std::string_view text,
                  std::size_t colon) {
  std::string_view lower = text.substr(0, colon), upper = text.substr(colon + 1);
  Walk walk(graph, nullptr, Walk::Beyond::stays);
  Range range;
  if (lower.starts_with('-')) {
    range.upper = resolve(graph, applied, upper.empty() ? "heads" : upper);
    range.lower = walk(only_one(range.upper, lower), steps_of(lower));
    return range;
  }
  range.lower = lower.empty() ? "" : resolve_one(graph, applied, lower);
  bool counted = upper.starts_with('+') && !lower.empty() && !is_relative(lower);
  if (counted)
    range.upper = {walk(range.lower, steps_of(upper))};
  else
    range.upper = resolve(graph, applied, upper.empty() ? "heads" : upper);
  return range;
}

}  // namespace

Ids range(const Graph& graph, const Applied& applied, std::string_view text) {
  std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos)
    throw Error(Exit::usage, "bad_range", in_quotes(text) + " is not a range",
                "a range is a:b, a: or :b");
  Range range = parse_range(graph, applied, text, colon);
  Ids ids = graph.ancestors(range.upper);
  if (range.lower.empty()) return ids;
  if (std::find(ids.begin(), ids.end(), range.lower) == ids.end())
    throw Error(Exit::graph, "not_an_ancestor",
                in_quotes(joined(range.upper)) + " does not stand on " + in_quotes(range.lower), "",
                "write the older revision first: OLDER:NEWER");
  Ids above = graph.descendants({range.lower});
  IdSet wanted(above.begin(), above.end());
  std::erase_if(ids, [&](const std::string& id) { return wanted.count(id) == 0; });
  return ids;
}

}  // namespace steward::revision
