#include "runner/revision/graph.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "test/unit/revision_arrows.h"

namespace steward::revision {
namespace {

Error error_of(std::string_view arrows) {
  try {
    graph_of(arrows);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error from " << arrows;
  return Error(Exit::done, "none", "none");
}

TEST(Graph, that_is_empty_has_no_heads) {
  Graph graph;
  EXPECT_TRUE(graph.heads().empty());
  EXPECT_TRUE(graph.order().empty());
  EXPECT_EQ(Graph(std::vector<Node>()).size(), 0U);
}

TEST(Graph, knows_heads_bases_branches_and_merges) {
  Graph graph = graph_of("a<-b, a<-c, b+c<-d, d<-e, d<-f, g");
  EXPECT_EQ(words(graph.heads()), "e f g");
  EXPECT_EQ(words(graph.bases()), "a g");
  EXPECT_EQ(words(graph.branch_points()), "a d");
  EXPECT_EQ(words(graph.merge_points()), "d");
  EXPECT_EQ(words(graph.children("a")), "b c");
  EXPECT_TRUE(graph.contains("f"));
  EXPECT_FALSE(graph.contains("x"));
  EXPECT_EQ(graph.node("d").parents.size(), 2U);
  EXPECT_EQ(code_of([&] { graph.node("x"); }), "unknown_revision");
}

TEST(Graph, orders_each_after_all_it_needs) {
  EXPECT_EQ(words(graph_of("a<-b, a<-c, b+c<-d").order()), "a b c d");
  // A branch stays together.
  EXPECT_EQ(words(graph_of("a<-b, a<-x, b<-c, x<-y").order()), "a b x c y");
  EXPECT_EQ(words(graph_of("d<-c, c<-b, b<-a").order()), "d c b a");
  EXPECT_EQ(words(graph_of("a<-b, x<-y, b~y").order()), "a x y b");
}

TEST(Graph, gives_ancestors_and_descendants_in_order) {
  Graph graph = graph_of("a<-b, a<-c, b+c<-d, d<-e, x<-y, y~b");
  EXPECT_EQ(words(graph.ancestors({"d"})), "a b c d");
  EXPECT_EQ(words(graph.ancestors({"b", "c"})), "a b c");
  EXPECT_EQ(words(graph.ancestors({"y"})), "a b x y");
  EXPECT_EQ(words(graph.descendants({"c"})), "e d c");
  EXPECT_EQ(words(graph.descendants({"b"})), "y e d b");
  EXPECT_EQ(words(graph.ancestors({})), "");
  EXPECT_EQ(code_of([&] { graph.ancestors({"z"}); }), "unknown_revision");
}

TEST(Graph, says_what_is_missing) {
  Graph graph = graph_of("a<-b, b<-c, a<-d");
  EXPECT_EQ(words(graph.missing({}, {"c"})), "a b c");
  EXPECT_EQ(words(graph.missing(set_of("a b"), {"c", "d"})), "c d");
  EXPECT_EQ(words(graph.missing(set_of("a b c"), {"c"})), "");
}

TEST(Graph, knows_the_tips_of_what_is_applied) {
  Graph graph = graph_of("a<-b, a<-c, b<-d, x<-y, y~c");
  EXPECT_EQ(words(graph.tips(set_of("a b c"))), "b c");
  EXPECT_EQ(words(graph.tips(set_of("a"))), "a");
  EXPECT_EQ(words(graph.tips(set_of("a b c x y"))), "b c y");
  EXPECT_EQ(words(graph.free_tips(set_of("a b c x y"))), "b y");
  EXPECT_EQ(words(graph.tips(set_of("a zz yy"))), "a yy zz");
}

TEST(Graph, spreads_a_label_over_its_branch) {
  Graph graph = graph_of("a<-b, b<-c, c<-d:x, d<-e, b<-f, f<-g");
  for (const char* id : {"c", "d", "e"}) EXPECT_EQ(words(graph.labels(id)), "x") << id;
  for (const char* id : {"a", "b", "f", "g"}) EXPECT_EQ(words(graph.labels(id)), "") << id;
  EXPECT_EQ(graph.labelled("x"), "d");
  EXPECT_EQ(graph.labelled("y"), "");
  EXPECT_EQ(words(graph.heads("x")), "e");
  EXPECT_EQ(code_of([&] { graph.heads("y"); }), "unknown_revision");
}

TEST(Graph, spreads_the_label_of_a_branch_point_upwards_only) {
  Graph graph = graph_of("a<-b:x, b<-c, b<-d");
  EXPECT_EQ(words(graph.labels("a")), "");
  EXPECT_EQ(words(graph.labels("d")), "x");
  EXPECT_EQ(words(graph.heads("x")), "c d");
}

TEST(Graph, gives_the_lineage_by_parents_alone) {
  Graph graph = graph_of("a<-b, b<-c, a<-d, x<-y, y~b");
  EXPECT_EQ(graph.lineage("b"), set_of("a b c"));
  EXPECT_EQ(graph.lineage("y"), set_of("x y"));
}

TEST(Graph, resolves_dependencies_by_id_label_and_prefix) {
  Graph graph = graph_of("aa1, ab1:shop, c~aa1, d~shop, e~aa");
  EXPECT_EQ(words(graph.node("d").depends_on), "ab1");
  EXPECT_EQ(words(graph.node("e").depends_on), "aa1");
  EXPECT_EQ(error_of("aa1, ab1, c~a").code(), "unknown_dependency");
  EXPECT_EQ(error_of("aa1, ab1, c~a").detail(), "it could be aa1, ab1");
  EXPECT_EQ(error_of("a, b~z").code(), "unknown_dependency");
}

TEST(Graph, refuses_what_is_no_graph) {
  EXPECT_EQ(code_of([] { Graph({{"a", {}, {}, {}}, {"a", {}, {}, {}}}); }), "duplicate_revision");
  EXPECT_EQ(code_of([] { Graph({{"a", {"b"}, {}, {}}}); }), "unknown_parent");
  EXPECT_EQ(error_of("a:x<-b:x").code(), "duplicate_label");
  EXPECT_EQ(error_of("a:b<-b").code(), "duplicate_label");
  EXPECT_EQ(error_of("a:x<-b:x").exit(), Exit::graph);
}

TEST(Graph, names_the_path_of_a_cycle) {
  EXPECT_EQ(error_of("a<-b, b<-c, c<-a").code(), "cycle");
  EXPECT_EQ(error_of("a<-b, b<-c, c<-a").detail(), "a needs c needs b needs a");
  EXPECT_EQ(error_of("a<-a").detail(), "a needs a");
  EXPECT_EQ(error_of("r<-a, a<-b, b<-c, a~c").detail(), "a needs c needs b needs a");
}

TEST(Graph, does_not_recurse_over_a_long_history) {
  std::vector<Node> nodes;
  for (int i = 200000; i > 0; --i)
    nodes.push_back({std::to_string(i), {std::to_string(i - 1)}, {}, {}});
  nodes.push_back({"0", {}, {}, {}});
  Graph graph(std::move(nodes));
  EXPECT_EQ(graph.order().front(), "0");
  EXPECT_EQ(graph.ancestors({"200000"}).size(), 200001U);
}

// Any graph without a cycle, its nodes in any order.
std::vector<Node> any_nodes() {
  const int count = *rc::gen::inRange(0, 20);
  std::vector<Node> nodes;
  for (int i = 0; i < count; ++i) {
    Node node{"r" + std::to_string(100 + i), {}, {}, {}};
    for (int other = 0; other < i; ++other) {
      int edge = *rc::gen::inRange(0, 8);
      if (edge == 0) node.parents.push_back(nodes[static_cast<std::size_t>(other)].id);
      if (edge == 1) node.depends_on.push_back(nodes[static_cast<std::size_t>(other)].id);
    }
    nodes.push_back(node);
  }
  std::vector<Node> shuffled;
  while (!nodes.empty()) {
    auto at = *rc::gen::inRange<std::size_t>(0, nodes.size());
    shuffled.push_back(nodes[at]);
    nodes.erase(nodes.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return shuffled;
}

IdSet as_set(const Ids& ids) {
  return {ids.begin(), ids.end()};
}

TEST(GraphProperty, order_respects_all_that_a_revision_needs) {
  EXPECT_TRUE(rc::check([] {
    Graph graph(any_nodes());
    IdSet before;
    Ids order = graph.order();
    RC_ASSERT(order.size() == graph.size());
    for (const std::string& id : order) {
      for (const std::string& need : graph.node(id).parents) RC_ASSERT(before.count(need) == 1U);
      for (const std::string& need : graph.node(id).depends_on) RC_ASSERT(before.count(need) == 1U);
      before.insert(id);
    }
  }));
}

TEST(GraphProperty, undoing_is_doing_backwards) {
  EXPECT_TRUE(rc::check([] {
    Graph graph(any_nodes());
    RC_PRE(graph.size() > 0);
    std::string target = *rc::gen::elementOf(graph.order());
    IdSet applied = as_set(graph.ancestors({*rc::gen::elementOf(graph.order())}));
    Ids missing = graph.missing(applied, {target});
    IdSet after = applied;
    after.insert(missing.begin(), missing.end());
    // What was added and all that stands on it is exactly what must go again.
    Ids undone = missing.empty() ? Ids() : graph.descendants(missing);
    std::erase_if(undone, [&](const std::string& id) { return after.count(id) == 0; });
    std::reverse(undone.begin(), undone.end());
    RC_ASSERT(undone == missing);
  }));
}

TEST(GraphProperty, heads_are_the_tips_of_everything) {
  EXPECT_TRUE(rc::check([] {
    Graph graph(any_nodes());
    RC_ASSERT(graph.tips(as_set(graph.order())) == graph.heads());
  }));
}

}  // namespace
}  // namespace steward::revision
