#include "runner/revision/target.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "test/unit/revision_arrows.h"

namespace steward::revision {
namespace {

// A chain; two labelled branches from one point; two independent bases of which one needs the
// other.
const char* const chain = "a1<-b2, b2<-c3, c3<-d4";
const char* const fork = "a<-b:left, a<-c:right, b<-d, c<-e";
const char* const merged = "a<-b:left, a<-c:right, b+c<-m, m<-n";
const char* const two_bases = "a:one<-b, x:two<-y, y~b";

std::string up(const char* arrows, std::string_view applied, std::string_view target) {
  return words(upgrade_path(graph_of(arrows), set_of(applied), target));
}

std::string down(const char* arrows, std::string_view applied, std::string_view target) {
  return words(downgrade_path(graph_of(arrows), set_of(applied), target));
}

std::string up_error(const char* arrows, std::string_view applied, std::string_view target) {
  return code_of([&] { up(arrows, applied, target); });
}

std::string down_error(const char* arrows, std::string_view applied, std::string_view target) {
  return code_of([&] { down(arrows, applied, target); });
}

TEST(UpgradePath, leads_to_a_head_or_a_revision) {
  EXPECT_EQ(up(chain, "", "head"), "a1 b2 c3 d4");
  EXPECT_EQ(up(chain, "a1 b2", "heads"), "c3 d4");
  EXPECT_EQ(up(chain, "a1", "c3"), "b2 c3");
  EXPECT_EQ(up(chain, "a1", "c"), "b2 c3");
  EXPECT_EQ(up(chain, "a1 b2 c3 d4", "head"), "");
  EXPECT_EQ(up(chain, "a1 b2 c3", "b2"), "");
  EXPECT_EQ(up(chain, "a1", "base"), "");
  EXPECT_EQ(up(chain, "a1", "current"), "");
  EXPECT_EQ(up("", "", "head"), "");
}

TEST(UpgradePath, refuses_head_where_there_are_several) {
  EXPECT_EQ(up_error(fork, "", "head"), "multiple_heads");
  try {
    up(fork, "", "head");
  } catch (const Error& error) {
    EXPECT_EQ(error.exit(), Exit::graph);
    EXPECT_STREQ(error.what(), "there are several heads: d, e");
    EXPECT_NE(error.hint().find("steward merge d e"), std::string::npos);
  }
  EXPECT_EQ(up(fork, "", "heads"), "a b c d e");
  EXPECT_EQ(up(fork, "a", "left@head"), "b d");
  EXPECT_EQ(up(fork, "a", "left@heads"), "b d");
  EXPECT_EQ(up(fork, "a", "c@head"), "c e");
}

TEST(UpgradePath, counts_from_what_is_current) {
  EXPECT_EQ(up(chain, "", "+1"), "a1");
  EXPECT_EQ(up(chain, "a1", "+2"), "b2 c3");
  EXPECT_EQ(up(chain, "a1", "+0"), "");
  EXPECT_EQ(up_error(chain, "a1", "+4"), "too_far");
  EXPECT_EQ(up_error(chain, "a1 b2 c3 d4", "+1"), "too_far");
  EXPECT_EQ(up_error(chain, "a1", "-1"), "wrong_direction");
}

TEST(UpgradePath, says_how_many_steps_there_are) {
  try {
    up(chain, "a1", "+4");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "4 steps after \"a1\" lead too far");
    EXPECT_EQ(error.detail(), "there are 3");
  }
}

TEST(UpgradePath, counts_from_a_revision) {
  EXPECT_EQ(up(chain, "", "a1+2"), "a1 b2 c3");
  EXPECT_EQ(up(chain, "", "head-1"), "a1 b2 c3");
  EXPECT_EQ(up(chain, "", "base+1"), "a1");
  EXPECT_EQ(up(chain, "a1", "current+1"), "b2");
  EXPECT_EQ(up_error(chain, "", "a1-2"), "too_far");
}

TEST(UpgradePath, counts_along_one_branch) {
  EXPECT_EQ(up_error(fork, "a", "+1"), "ambiguous_revision");
  EXPECT_EQ(up(fork, "a", "left@+1"), "b");
  EXPECT_EQ(up(fork, "", "right@+2"), "a c");
  EXPECT_EQ(up(fork, "a b", "left@+1"), "d");
  EXPECT_EQ(up(fork, "a b", "right@+1"), "c");
  EXPECT_EQ(up_error(fork, "a b c", "+1"), "multiple_heads");
  EXPECT_EQ(up(fork, "a b c", "right@+1"), "e");
  EXPECT_EQ(up(fork, "", "right@a+2"), "a c e");
  EXPECT_EQ(up_error(two_bases, "", "+1"), "ambiguous_revision");
  EXPECT_EQ(up(two_bases, "", "one@+1"), "a");
}

TEST(UpgradePath, brings_dependencies_along) {
  EXPECT_EQ(up(two_bases, "", "two@head"), "a b x y");
  EXPECT_EQ(up(two_bases, "x", "+1"), "a b y");
  EXPECT_EQ(up(merged, "a b", "head"), "c m n");
}

TEST(UpgradePath, takes_a_label_alone_for_the_revision_that_carries_it) {
  EXPECT_EQ(up(fork, "", "left"), "a b");
}

TEST(UpgradePath, refuses_what_it_cannot_find) {
  EXPECT_EQ(up_error("ab1<-ab2", "", "zz"), "unknown_revision");
  EXPECT_EQ(up_error("ab1<-ab2", "", "ab"), "ambiguous_revision");
  EXPECT_EQ(up_error(fork, "", "middle@head"), "unknown_revision");
  EXPECT_EQ(up_error(fork, "", "left@e"), "unknown_revision");
  for (const char* target :
       {"", "@head", "left@", "+x", "+1+1", "a+", "--1", "+99999999999999999999"})
    EXPECT_EQ(up_error(chain, "", target), "bad_target") << target;
}

TEST(DowngradePath, leads_to_base_or_a_revision) {
  EXPECT_EQ(down(chain, "a1 b2 c3", "base"), "c3 b2 a1");
  EXPECT_EQ(down(chain, "a1 b2 c3", "a1"), "c3 b2");
  EXPECT_EQ(down(chain, "a1 b2 c3", "c3"), "");
  EXPECT_EQ(down(chain, "", "base"), "");
  EXPECT_EQ(down(chain, "a1", "current"), "");
  EXPECT_EQ(down_error(chain, "a1 b2", "c3"), "not_applied");
}

TEST(DowngradePath, counts_from_what_is_current) {
  EXPECT_EQ(down(chain, "a1 b2 c3", "-1"), "c3");
  EXPECT_EQ(down(chain, "a1 b2 c3", "-3"), "c3 b2 a1");
  EXPECT_EQ(down(chain, "a1 b2 c3", "-0"), "");
  EXPECT_EQ(down(chain, "a1 b2 c3", "c3-1"), "c3");
  EXPECT_EQ(down(chain, "a1 b2 c3", "a1+1"), "c3");
  EXPECT_EQ(down_error(chain, "a1 b2 c3", "-4"), "too_far");
  EXPECT_EQ(down_error(chain, "", "-1"), "too_far");
  EXPECT_EQ(down_error(chain, "a1", "+1"), "wrong_direction");
}

TEST(DowngradePath, counts_along_one_branch) {
  EXPECT_EQ(down_error(fork, "a b c d", "-1"), "multiple_heads");
  EXPECT_EQ(down(fork, "a b c d", "left@-1"), "d");
  EXPECT_EQ(down(fork, "a b c d", "left@-2"), "d b");
  EXPECT_EQ(down(fork, "a b c d", "right@-1"), "c");
  EXPECT_EQ(down(fork, "a b", "-1"), "b");
}

TEST(DowngradePath, undoes_a_merge_as_one_step) {
  EXPECT_EQ(down(merged, "a b c m", "-1"), "m");
  EXPECT_EQ(down(merged, "a b c m n", "-2"), "n m");
  EXPECT_EQ(down_error(merged, "a b c m n", "-3"), "ambiguous_revision");
  EXPECT_EQ(down(merged, "a b c m n", "left@-3"), "n m b");
  EXPECT_EQ(down(merged, "a b c m n", "b"), "n m");
}

TEST(DowngradePath, undoes_one_branch_down_to_its_point) {
  EXPECT_EQ(down(fork, "a b c d e", "left@a"), "d b");
  EXPECT_EQ(down(fork, "a b c d e", "a"), "e d c b");
  EXPECT_EQ(down(two_bases, "a b x y", "two@base"), "y x");
}

TEST(DowngradePath, takes_along_what_depends_on_it) {
  EXPECT_EQ(down(two_bases, "a b x y", "one@base"), "y b a");
  EXPECT_EQ(down(two_bases, "a b x y", "a"), "y b");
  // b is not free: y depends on it, so the newest step is y.
  EXPECT_EQ(down(two_bases, "a b x y", "-1"), "y");
  EXPECT_EQ(down(two_bases, "a b x y", "one@-1"), "y b");
}

TEST(ResolveOne, finds_one_revision) {
  Graph graph = graph_of(fork);
  Applied applied = set_of("a b");
  auto one = [&](std::string_view target) { return resolve_one(graph, applied, target); };
  EXPECT_EQ(one("left@head"), "d");
  EXPECT_EQ(one("current"), "b");
  EXPECT_EQ(one("base"), "");
  EXPECT_EQ(one("+1"), "d");
  EXPECT_EQ(one("-1"), "a");
  EXPECT_EQ(one("c+1"), "e");
  EXPECT_EQ(code_of([&] { one("heads"); }), "multiple_heads");
  EXPECT_EQ(code_of([&] { one("head"); }), "multiple_heads");
}

TEST(Resolve, finds_several) {
  Graph graph = graph_of(fork);
  EXPECT_EQ(words(resolve(graph, {}, "heads")), "d e");
  EXPECT_EQ(words(resolve(graph, set_of("a b c"), "current")), "b c");
  EXPECT_EQ(words(resolve(graph, set_of("a b c"), "left@current")), "b");
  EXPECT_EQ(words(resolve(graph, {}, "base")), "");
  EXPECT_EQ(words(resolve(graph, {}, "d")), "d");
}

TEST(Range, is_what_lies_between) {
  Graph graph = graph_of(chain);
  Applied applied = set_of("a1 b2 c3");
  auto between = [&](std::string_view text) { return words(range(graph, applied, text)); };
  EXPECT_EQ(between("b2:c3"), "b2 c3");
  EXPECT_EQ(between("b2:"), "b2 c3 d4");
  EXPECT_EQ(between(":b2"), "a1 b2");
  EXPECT_EQ(between("base:b2"), "a1 b2");
  EXPECT_EQ(between(":"), "a1 b2 c3 d4");
  EXPECT_EQ(between("-1:current"), "b2 c3");
  EXPECT_EQ(between("-9:current"), "a1 b2 c3");
  EXPECT_EQ(between("b2:+1"), "b2 c3");
  EXPECT_EQ(between("current:"), "c3 d4");
  EXPECT_EQ(between("c3:c3"), "c3");
}

TEST(Range, refuses_what_does_not_lie_between) {
  auto refused = [](const char* arrows, std::string_view text) {
    return code_of([&] { range(graph_of(arrows), {}, text); });
  };
  EXPECT_EQ(refused(chain, "c3:b2"), "not_an_ancestor");
  EXPECT_EQ(refused(fork, "b:e"), "not_an_ancestor");
  EXPECT_EQ(refused(chain, "c3"), "bad_range");
  EXPECT_EQ(refused(chain, "a1:b2:c3"), "bad_range");
  EXPECT_EQ(refused(fork, "-1:"), "multiple_heads");
  EXPECT_EQ(refused(chain, "z:"), "unknown_revision");
}

TEST(Range, leaves_other_branches_out) {
  EXPECT_EQ(words(range(graph_of(fork), {}, "b:left@head")), "b d");
  EXPECT_EQ(words(range(graph_of(merged), {}, "b:")), "b m n");
}

TEST(TargetProperty, downgrading_undoes_an_upgrade) {
  EXPECT_TRUE(rc::check([] {
    const int count = *rc::gen::inRange(1, 12);
    std::vector<Node> nodes;
    for (int i = 0; i < count; ++i) {
      Node node{"r" + std::to_string(100 + i), {}, {}, {}};
      if (i > 0) node.parents.push_back(nodes[*rc::gen::inRange<std::size_t>(0, nodes.size())].id);
      nodes.push_back(node);
    }
    Graph graph(nodes);
    std::string from = *rc::gen::elementOf(graph.order());
    Ids before = graph.ancestors({from});
    Applied applied(before.begin(), before.end());
    Ids done = upgrade_path(graph, applied, "heads");
    applied.insert(done.begin(), done.end());
    Ids undone = downgrade_path(graph, applied, "base");
    std::reverse(undone.begin(), undone.end());
    RC_ASSERT(undone == graph.order());
    RC_ASSERT(upgrade_path(graph, {}, "heads") == undone);
  }));
}

}  // namespace
}  // namespace steward::revision
