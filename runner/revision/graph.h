// The graph of revisions: parents, children, heads, bases, branches and the orders in which they may
// be applied. Pure: no files, no database. All answers are deterministic: ties are broken by the order
// in which the nodes were given.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace steward::revision {

struct Node {
  std::string id;
  std::vector<std::string> parents;
  std::vector<std::string> depends_on;  // ids, prefixes or labels; resolved when the graph is made
  std::vector<std::string> labels;
};

using Ids = std::vector<std::string>;

class Graph {
 public:
  Graph() = default;
  // Throws Error(Exit::graph): duplicate_revision, unknown_parent, cycle (its path in the detail),
  // unknown_dependency, duplicate_label. Linear in nodes and edges.
  explicit Graph(std::vector<Node> nodes);

  std::size_t size() const { return nodes_.size(); }
  const std::vector<Node>& nodes() const { return nodes_; }
  bool contains(std::string_view id) const;
  const Node& node(std::string_view id) const;  // throws Error(Exit::graph, "unknown_revision")

  Ids heads() const;                           // revisions that nobody revises
  Ids heads(const std::string& label) const;   // those of one labelled branch
  Ids bases() const;
  Ids branch_points() const;                   // revised by several
  Ids merge_points() const;                    // with several parents
  Ids children(std::string_view id) const;
  // A branch's label reaches all descendants of the revision that carries it, and its ancestors down
  // to the branch point, as in Alembic.
  Ids labels(std::string_view id) const;

  // ids and all that they stand on (parents and dependencies), each after all it needs.
  Ids ancestors(const Ids& ids) const;
  // ids and all that stand on them, each before all it needs: the order in which they are undone.
  Ids descendants(const Ids& ids) const;
  // All revisions, each after all it needs.
  Ids order() const;

  // What is missing from `applied` so that `targets` and all they need are applied, in order.
  Ids missing(const std::unordered_set<std::string>& applied, const Ids& targets) const;
  // Those of `ids` that no other of them has as a parent: what is "current" when they are applied.
  Ids tips(const std::unordered_set<std::string>& ids) const;

 private:
  std::vector<Node> nodes_;
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<std::vector<std::size_t>> up_;    // parents
  std::vector<std::vector<std::size_t>> needs_; // parents and dependencies
  std::vector<std::vector<std::size_t>> down_;  // children
  std::vector<std::vector<std::size_t>> needed_by_;
};

}  // namespace steward::revision
