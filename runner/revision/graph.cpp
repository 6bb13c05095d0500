#include "runner/revision/graph.h"

#include <algorithm>
#include <utility>

#include "runner/error.h"
#include "runner/text.h"

namespace steward::revision {
namespace {

enum Visit : char { unseen, open, done };

}  // namespace

Graph::Graph(std::vector<Node> nodes)
    : nodes_(std::move(nodes)),
      up_(nodes_.size()),
      needs_(nodes_.size()),
      down_(nodes_.size()),
      needed_by_(nodes_.size()) {
  index_nodes();
  index_labels();
  link_parents();
  link_dependencies();
  sort();
  spread_labels();
}

void Graph::index_nodes() {
  index_.reserve(nodes_.size());
  for (Index i = 0; i < nodes_.size(); ++i)
    if (!index_.emplace(nodes_[i].id, i).second)
      throw Error(Exit::graph, "duplicate_revision",
                  "revision " + in_quotes(nodes_[i].id) + " exists twice", "",
                  "give one of the two files another id");
}

void Graph::index_labels() {
  for (Index i = 0; i < nodes_.size(); ++i)
    for (const std::string& label : nodes_[i].labels) {
      if (contains(label))
        throw Error(Exit::graph, "duplicate_label",
                    "label " + in_quotes(label) + " of revision " + in_quotes(nodes_[i].id) +
                        " is a revision's id");
      auto [known, added] = labels_.emplace(label, i);
      if (!added && known->second != i)
        throw Error(Exit::graph, "duplicate_label",
                    "label " + in_quotes(label) + " is on revisions " +
                        in_quotes(nodes_[known->second].id) + " and " + in_quotes(nodes_[i].id));
    }
}

void Graph::link(Index node, Index other, Edges& needs, Edges& needed_by) {
  needs[node].push_back(other);
  needed_by[other].push_back(node);
}

void Graph::link_parents() {
  for (Index i = 0; i < nodes_.size(); ++i)
    for (const std::string& parent : nodes_[i].parents) {
      auto found = index_.find(parent);
      if (found == index_.end())
        throw Error(Exit::graph, "unknown_parent",
                    "revision " + in_quotes(nodes_[i].id) + " revises " + in_quotes(parent) +
                        ", which no file has",
                    "", "bring its file back, or correct the revises line of " + nodes_[i].id);
      link(i, found->second, up_, down_);
      link(i, found->second, needs_, needed_by_);
    }
}

void Graph::link_dependencies() {
  for (Index i = 0; i < nodes_.size(); ++i)
    for (std::string& name : nodes_[i].depends_on) {
      Index other = resolve_dependency(nodes_[i], name);
      name = nodes_[other].id;
      link(i, other, needs_, needed_by_);
    }
}

Graph::Index Graph::resolve_dependency(const Node& node, const std::string& name) const {
  if (auto found = index_.find(name); found != index_.end()) return found->second;
  if (auto found = labels_.find(name); found != labels_.end()) return found->second;
  Ids candidates = with_prefix(name);
  if (candidates.size() == 1) return at(candidates.front());
  std::string detail = candidates.empty() ? "" : "it could be " + joined(candidates);
  throw Error(Exit::graph, "unknown_dependency",
              "revision " + in_quotes(node.id) + " depends on " + in_quotes(name) +
                  ", which is no single revision or label",
              detail);
}

// Depth first in the order given, so that a branch stays together.
void Graph::sort() {
  order_.reserve(nodes_.size());
  std::vector<char> state(nodes_.size(), unseen);
  for (Index i = 0; i < nodes_.size(); ++i)
    if (state[i] == unseen) sort_from(i, state);
}

// Not by recursion: histories are chains of thousands.
void Graph::sort_from(Index root, std::vector<char>& state) {
  std::vector<Index> path{root};
  std::vector<std::size_t> seen{0};  // how many of its needs, for each node of the path
  state[root] = open;
  while (!path.empty()) {
    Index node = path.back();
    if (seen.back() < needs_[node].size()) {
      Index need = needs_[node][seen.back()++];
      if (state[need] == open) refuse_cycle(path, need);
      if (state[need] == done) continue;
      state[need] = open;
      path.push_back(need);
      seen.push_back(0);
    } else {
      state[node] = done;
      order_.push_back(node);
      path.pop_back();
      seen.pop_back();
    }
  }
}

void Graph::refuse_cycle(const std::vector<Index>& path, Index again) const {
  auto from = std::find(path.begin(), path.end(), again);
  std::string detail;
  for (auto node = from; node != path.end(); ++node) detail += nodes_[*node].id + " needs ";
  detail += nodes_[again].id;
  throw Error(Exit::graph, "cycle", "revision " + in_quotes(nodes_[again].id) + " stands on itself",
              detail, "correct the revises or depends-on line of one of them");
}

void Graph::spread_labels() {
  if (labels_.empty()) return;
  spread_.resize(nodes_.size());
  for (Index carrier = 0; carrier < nodes_.size(); ++carrier) {
    const Ids& labels = nodes_[carrier].labels;
    if (labels.empty()) continue;
    std::vector<char> reached = reach({carrier}, down_);
    for (Index node = carrier; up_[node].size() == 1 && down_[node].size() <= 1;) {
      node = up_[node].front();
      if (down_[node].size() == 1 && up_[node].size() <= 1) reached[node] = 1;
    }
    for (Index i = 0; i < nodes_.size(); ++i)
      if (reached[i]) spread_[i].insert(spread_[i].end(), labels.begin(), labels.end());
  }
}

Graph::Index Graph::at(std::string_view id) const {
  auto found = index_.find(id);
  if (found == index_.end())
    throw Error(Exit::graph, "unknown_revision", "there is no revision " + in_quotes(id));
  return found->second;
}

bool Graph::contains(std::string_view id) const {
  return index_.find(id) != index_.end();
}

const Node& Graph::node(std::string_view id) const {
  return nodes_[at(id)];
}

template <class Condition>
Ids Graph::select(Condition condition) const {
  Ids ids;
  for (Index i = 0; i < nodes_.size(); ++i)
    if (condition(i)) ids.push_back(nodes_[i].id);
  return ids;
}

Ids Graph::heads() const {
  return select([&](Index i) { return down_[i].empty(); });
}

Ids Graph::heads(const std::string& label) const {
  std::string carrier = labelled(label);
  if (carrier.empty())
    throw Error(Exit::graph, "unknown_revision", "there is no branch " + in_quotes(label));
  IdSet branch = lineage(carrier);
  return select([&](Index i) { return down_[i].empty() && branch.count(nodes_[i].id) > 0; });
}

Ids Graph::bases() const {
  return select([&](Index i) { return up_[i].empty(); });
}

Ids Graph::branch_points() const {
  return select([&](Index i) { return down_[i].size() > 1; });
}

Ids Graph::merge_points() const {
  return select([&](Index i) { return up_[i].size() > 1; });
}

Ids Graph::children(std::string_view id) const {
  Ids ids;
  for (Index child : down_[at(id)]) ids.push_back(nodes_[child].id);
  return ids;
}

Ids Graph::labels(std::string_view id) const {
  Index node = at(id);
  return spread_.empty() ? Ids() : spread_[node];
}

std::string Graph::labelled(std::string_view label) const {
  auto found = labels_.find(label);
  return found == labels_.end() ? "" : nodes_[found->second].id;
}

Ids Graph::with_prefix(std::string_view prefix) const {
  return select([&](Index i) { return nodes_[i].id.starts_with(prefix); });
}

IdSet Graph::lineage(std::string_view id) const {
  Index node = at(id);
  std::vector<char> above = reach({node}, up_);
  std::vector<char> below = reach({node}, down_);
  IdSet ids;
  for (Index i = 0; i < nodes_.size(); ++i)
    if (above[i] || below[i]) ids.insert(nodes_[i].id);
  return ids;
}

std::vector<Graph::Index> Graph::indexes(const Ids& ids) const {
  std::vector<Index> result;
  result.reserve(ids.size());
  for (const std::string& id : ids) result.push_back(at(id));
  return result;
}

// 1 for each node that can be reached from these, themselves included.
std::vector<char> Graph::reach(const std::vector<Index>& from, const Edges& edges) const {
  std::vector<char> reached(nodes_.size(), 0);
  std::vector<Index> waiting = from;
  for (Index node : from) reached[node] = 1;
  while (!waiting.empty()) {
    Index node = waiting.back();
    waiting.pop_back();
    for (Index next : edges[node]) {
      if (reached[next]) continue;
      reached[next] = 1;
      waiting.push_back(next);
    }
  }
  return reached;
}

Ids Graph::ancestors(const Ids& ids) const {
  std::vector<char> reached = reach(indexes(ids), needs_);
  Ids result;
  for (Index i : order_)
    if (reached[i]) result.push_back(nodes_[i].id);
  return result;
}

Ids Graph::descendants(const Ids& ids) const {
  std::vector<char> reached = reach(indexes(ids), needed_by_);
  Ids result;
  for (auto i = order_.rbegin(); i != order_.rend(); ++i)
    if (reached[*i]) result.push_back(nodes_[*i].id);
  return result;
}

Ids Graph::order() const {
  Ids result;
  result.reserve(order_.size());
  for (Index i : order_) result.push_back(nodes_[i].id);
  return result;
}

Ids Graph::missing(const IdSet& applied, const Ids& targets) const {
  Ids needed = ancestors(targets);
  std::erase_if(needed, [&](const std::string& id) { return applied.count(id) > 0; });
  return needed;
}

Ids Graph::tips(const IdSet& ids) const {
  Ids result = select([&](Index i) {
    if (ids.count(nodes_[i].id) == 0) return false;
    return std::none_of(down_[i].begin(), down_[i].end(),
                        [&](Index child) { return ids.count(nodes_[child].id) > 0; });
  });
  Ids unknown;
  for (const std::string& id : ids)
    if (!contains(id)) unknown.push_back(id);
  std::sort(unknown.begin(), unknown.end());
  result.insert(result.end(), unknown.begin(), unknown.end());
  return result;
}

Ids Graph::free_tips(const IdSet& ids) const {
  Ids result = tips(ids);
  std::erase_if(result, [&](const std::string& id) {
    auto found = index_.find(id);
    if (found == index_.end()) return false;
    const std::vector<Index>& users = needed_by_[found->second];
    return std::any_of(users.begin(), users.end(),
                       [&](Index user) { return ids.count(nodes_[user].id) > 0; });
  });
  return result;
}

}  // namespace steward::revision
