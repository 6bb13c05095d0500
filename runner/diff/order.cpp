#include "runner/diff/order.h"

#include <queue>
#include <set>
#include <tuple>
#include <unordered_map>

namespace steward::diff {
namespace {

using Index = std::unordered_map<std::string, std::vector<std::size_t>>;

class Sorter {
 public:
  explicit Sorter(const std::vector<Action>& actions)
      : actions_(actions), next_(actions.size()), missing_(actions.size(), 0) {
    index();
    for (std::size_t at = 0; at < actions.size(); ++at) connect(at);
  }
  Order sorted();

 private:
  void index();
  void connect(std::size_t at);
  void before(std::size_t first, std::size_t second);
  void all_before(const Index& firsts, const std::vector<std::string>& names, std::size_t second);

  const std::vector<Action>& actions_;
  std::vector<std::set<std::size_t>> next_;
  std::vector<std::size_t> missing_;
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

Order Sorter::sorted() {
  using Entry = std::tuple<int, std::string, std::size_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> ready;
  const auto offer = [&](std::size_t at) {
    ready.emplace(actions_[at].rank, actions_[at].key, at);
  };
  for (std::size_t at = 0; at < actions_.size(); ++at)
    if (missing_[at] == 0) offer(at);
  Order order;
  while (!ready.empty()) {
    const std::size_t at = std::get<2>(ready.top());
    ready.pop();
    order.sequence.push_back(at);
    for (const std::size_t follower : next_[at])
      if (--missing_[follower] == 0) offer(follower);
  }
  for (std::size_t at = 0; at < actions_.size(); ++at)
    if (missing_[at] > 0) order.cycle.push_back(at);
  return order;
}

}  // namespace

Order order(const std::vector<Action>& actions) {
  return Sorter(actions).sorted();
}

}  // namespace steward::diff
