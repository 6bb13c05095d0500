#include "runner/diff/order.h"

#include <algorithm>
#include <optional>
#include <queue>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace steward::diff {
namespace {

using Index = std::unordered_map<std::string, std::vector<std::size_t>>;

class Sorter {
 public:
  explicit Sorter(const std::vector<Action>& actions)
      : actions_(actions),
        next_(actions.size()),
        missing_(actions.size(), 0),
        wished_(actions.size(), 0),
        wishes_(actions.size()),
        placed_(actions.size(), false) {
    index();
    for (std::size_t at = 0; at < actions.size(); ++at) connect(at);
  }
  Order sorted();

 private:
  void index();
  void connect(std::size_t at);
  void before(std::size_t first, std::size_t second);
  void all_before(const Index& firsts, const std::vector<std::string>& names, std::size_t second);

  using Entry = std::tuple<int, std::string, std::size_t>;
  using Ready = std::priority_queue<Entry, std::vector<Entry>, std::greater<>>;
  void wish(std::size_t at);
  void offer(Ready& ready, std::size_t at) const;
  bool offer_against_wishes(Ready& ready) const;
  void place(Ready& ready, std::size_t at, Order& order);
  std::vector<std::size_t> cycle() const;

  const std::vector<Action>& actions_;
  std::vector<std::set<std::size_t>> next_;
  std::vector<std::size_t> missing_;
  std::vector<std::size_t> wished_;  // how many of those it prefers to follow are not placed
  std::vector<std::set<std::size_t>> wishes_;
  std::vector<bool> placed_;
  Index producers_, destroyers_, changers_, releasers_;
};

void Sorter::index() {
  for (std::size_t at = 0; at < actions_.size(); ++at) {
    for (const std::string& id : actions_[at].produces) producers_[id].push_back(at);
    for (const std::string& id : actions_[at].destroys) destroyers_[id].push_back(at);
    for (const std::string& id : actions_[at].changes) changers_[id].push_back(at);
    for (const std::string& id : actions_[at].releases) releasers_[id].push_back(at);
  }
}

void Sorter::before(std::size_t first, std::size_t second) {
  if (first != second && next_[first].insert(second).second) ++missing_[second];
}

void Sorter::all_before(const Index& firsts, const std::vector<std::string>& names,
                        std::size_t second) {
  for (const std::string& name : names)
    if (const auto found = firsts.find(name); found != firsts.end())
      for (const std::size_t first : found->second) before(first, second);
}

// released -> destroyed -> produced -> needed; a change in place stands where destroying and
// producing do.
void Sorter::connect(std::size_t at) {
  const Action& action = actions_[at];
  all_before(producers_, action.needs, at);
  all_before(changers_, action.needs, at);
  all_before(destroyers_, action.produces, at);
  all_before(releasers_, action.destroys, at);
  all_before(releasers_, action.changes, at);
  all_before(producers_, action.changes, at);
  all_before(destroyers_, action.follows, at);
  if (action.after >= 0) before(static_cast<std::size_t>(action.after), at);
}

void Sorter::wish(std::size_t at) {
  for (const std::string& name : actions_[at].prefers)
    if (const auto found = producers_.find(name); found != producers_.end())
      for (const std::size_t first : found->second)
        if (first != at && wishes_[first].insert(at).second) ++wished_[at];
}

void Sorter::offer(Ready& ready, std::size_t at) const {
  if (missing_[at] == 0 && wished_[at] == 0) ready.emplace(actions_[at].rank, actions_[at].key, at);
}

// Wishes that go in a circle: the first of those that nothing else holds back goes.
bool Sorter::offer_against_wishes(Ready& ready) const {
  std::optional<Entry> best;
  for (std::size_t at = 0; at < actions_.size(); ++at)
    if (!placed_[at] && missing_[at] == 0) {
      Entry entry(actions_[at].rank, actions_[at].key, at);
      if (!best || entry < *best) best = std::move(entry);
    }
  if (best) ready.push(*best);
  return best.has_value();
}

void Sorter::place(Ready& ready, std::size_t at, Order& order) {
  placed_[at] = true;
  order.sequence.push_back(at);
  for (const std::size_t follower : next_[at])
    if (--missing_[follower] == 0) offer(ready, follower);
  for (const std::size_t follower : wishes_[at])
    if (--wished_[follower] == 0) offer(ready, follower);
}

// What could not be placed, without what only waits for it.
std::vector<std::size_t> Sorter::cycle() const {
  std::set<std::size_t> left;
  for (std::size_t at = 0; at < actions_.size(); ++at)
    if (missing_[at] > 0) left.insert(at);
  const auto leads_on = [&](std::size_t at) {
    return std::any_of(next_[at].begin(), next_[at].end(),
                       [&](std::size_t follower) { return left.contains(follower); });
  };
  for (bool smaller = true; smaller;)
    smaller = std::erase_if(left, [&](std::size_t at) { return !leads_on(at); }) > 0;
  return {left.begin(), left.end()};
}

Order Sorter::sorted() {
  Ready ready;
  for (std::size_t at = 0; at < actions_.size(); ++at) wish(at);
  for (std::size_t at = 0; at < actions_.size(); ++at) offer(ready, at);
  Order order;
  while (!ready.empty() || offer_against_wishes(ready)) {
    const std::size_t at = std::get<2>(ready.top());
    ready.pop();
    if (!placed_[at]) place(ready, at, order);
  }
  order.cycle = cycle();
  return order;
}

}  // namespace

Order order(const std::vector<Action>& actions) {
  return Sorter(actions).sorted();
}

}  // namespace steward::diff
