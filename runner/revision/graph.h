// The graph of revisions: parents, children, heads, bases, branches and the orders in which they
// may be applied. Pure: no files, no database. All answers are deterministic: ties are broken by
// the order in which the nodes were given.
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
using IdSet = std::unordered_set<std::string>;

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

  Ids heads() const;                          // revisions that nobody revises
  Ids heads(const std::string& label) const;  // those of one labelled branch
  Ids bases() const;
  Ids branch_points() const;  // revised by several
  Ids merge_points() const;   // with several parents
  Ids children(std::string_view id) const;
  // A branch's label reaches all descendants of the revision that carries it, and its ancestors
  // down to the branch point, as in Alembic.
  Ids labels(std::string_view id) const;
  // The revision that carries a label; empty when none does.
  std::string labelled(std::string_view label) const;
  // The ids that begin like this.
  Ids with_prefix(std::string_view prefix) const;
  // A revision with its ancestors and descendants, by parents alone: the branch it is on.
  IdSet lineage(std::string_view id) const;

  // ids and all that they stand on (parents and dependencies), each after all it needs.
  Ids ancestors(const Ids& ids) const;
  // ids and all that stand on them, each before all it needs: the order in which they are undone.
  Ids descendants(const Ids& ids) const;
  // All revisions, each after all it needs.
  Ids order() const;

  // What is missing from `applied` so that `targets` and all they need are applied, in order.
  Ids missing(const IdSet& applied, const Ids& targets) const;
  // Those of `ids` that no other of them has as a parent: what is "current" when they are applied.
  // Ids that the graph does not know come last.
  Ids tips(const IdSet& ids) const;
  // Those of the tips that no other revision of `ids` depends on either.
  Ids free_tips(const IdSet& ids) const;

 private:
  using Index = std::size_t;
  using Edges = std::vector<std::vector<Index>>;
  // Lets a map of strings be asked for a view.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  using Names = std::unordered_map<std::string, Index, Hash, std::equal_to<>>;

  void index_nodes();
  void index_labels();
  void link_parents();
  void link_dependencies();
  void link(Index node, Index other, Edges& needs, Edges& needed_by);
  Index resolve_dependency(const Node& node, const std::string& name) const;
  void sort();
  void sort_from(Index root, std::vector<char>& state);
  [[noreturn]] void refuse_cycle(const std::vector<Index>& path, Index again) const;
  void spread_labels();

  Index at(std::string_view id) const;
  std::vector<char> reach(const std::vector<Index>& from, const Edges& edges) const;
  std::vector<Index> indexes(const Ids& ids) const;
  template <class Condition>
  Ids select(Condition condition) const;

  std::vector<Node> nodes_;
  Names index_;
  Names labels_;              // the node that carries each
  Edges up_;                  // parents
  Edges needs_;               // parents and dependencies
  Edges down_;                // children
  Edges needed_by_;           // children and dependents
  std::vector<Index> order_;  // each after all it needs
  std::vector<Ids> spread_;   // labels that reach each node; empty when there are none at all
};

}  // namespace steward::revision
