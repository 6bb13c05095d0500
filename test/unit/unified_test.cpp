#include "runner/report/unified.h"

#include <gtest/gtest.h>

namespace steward::report {
namespace {

std::string shown(std::string_view first, std::string_view second, std::size_t context = 3) {
  std::string text;
  for (const DiffLine& line : unified(first, second, context))
    text += std::string(1, line.side) + line.text + "\n";
  return text;
}

TEST(Unified, keeps_what_both_have) {
  EXPECT_EQ(shown("a\nb\nc", "a\nx\nc"), " a\n-b\n+x\n c\n");
  EXPECT_EQ(shown("a\nc", "a\nb\nc"), " a\n+b\n c\n");
  EXPECT_EQ(shown("a\nb\nc\nd", "a\nc\nd\nb"), " a\n-b\n c\n d\n+b\n");
}

TEST(Unified, shows_all_of_what_only_one_side_has) {
  EXPECT_EQ(shown("", "a\n\nb"), "+a\n+\n+b\n");
  EXPECT_EQ(shown("a", ""), "-a\n");
  EXPECT_EQ(shown("", ""), "");
}

TEST(Unified, leaves_out_what_is_far_from_a_difference) {
  EXPECT_EQ(shown("1\n2\n3\n4\n5\n6", "1\n2\n3\n4\n5\n7", 1), ".\n 5\n-6\n+7\n");
  EXPECT_EQ(shown("0\n2\n3\n4\n5\n6", "1\n2\n3\n4\n5\n7", 1), "-0\n+1\n 2\n.\n 5\n-6\n+7\n");
}

TEST(Unified, says_nothing_of_equal_texts_but_that_there_is_something) {
  EXPECT_EQ(shown("a\nb", "a\nb"), ".\n");
}

}  // namespace
}  // namespace steward::report
