#include "runner/revision/walk.h"

#include <cstdlib>

#include "runner/error.h"
#include "runner/text.h"

namespace steward::revision {
namespace {

std::string place_name(const std::string& id) {
  return id.empty() ? "base" : in_quotes(id);
}

Error too_far(const std::string& start, long wanted, long found) {
  std::string message = std::to_string(std::labs(wanted)) + " steps ";
  message += (wanted > 0 ? "after " : "before ") + place_name(start) + " lead too far";
  std::string there = found == 1 ? "there is 1" : "there are " + std::to_string(found);
  return Error(Exit::graph, "too_far", message, there);
}

}  // namespace

std::string Walk::operator()(const std::string& start, long steps) const {
  std::string place = start;
  for (long taken = 0; taken < std::labs(steps); ++taken) {
    if (step(place, steps > 0)) continue;
    if (beyond_ == Beyond::stays) break;
    throw too_far(start, steps, taken);
  }
  return place;
}

bool Walk::step(std::string& place, bool up) const {
  if (!up && place.empty()) return false;
  Ids next = ways(place, up);
  if (up && next.empty()) return false;
  if (next.size() > 1)
    throw Error(Exit::graph, "ambiguous_revision",
                std::string("several revisions come right ") + (up ? "after " : "before ") +
                    place_name(place),
                "they are " + joined(next), "name one of them, or a branch: LABEL@...");
  place = next.empty() ? "" : next.front();
  return true;
}

Ids Walk::ways(const std::string& place, bool up) const {
  Ids next = !up             ? graph_.node(place).parents
             : place.empty() ? graph_.bases()
                             : graph_.children(place);
  if (branch_ && (up || next.size() > 1))
    std::erase_if(next, [&](const std::string& id) { return branch_->count(id) == 0; });
  return next;
}

}  // namespace steward::revision
