// Rewriting a header: one line changes, and nothing else does.
#include <gtest/gtest.h>

#include "runner/revision/rewrite.h"

namespace steward::revision {
namespace {

TEST(Rewrite, replaces_the_parents_and_nothing_else) {
  EXPECT_EQ(with_parents("-- revision: b\n-- revises: a\n-- steward:upgrade\n-- revises: x\n",
                         {"c", "d"}),
            "-- revision: b\n-- revises: c, d\n-- steward:upgrade\n-- revises: x\n");
}

TEST(Rewrite, keeps_line_ends) {
  EXPECT_EQ(with_parents("-- revision: b\r\n-- revises:\r\n-- steward:upgrade\r\n", {"a"}),
            "-- revision: b\r\n-- revises: a\r\n-- steward:upgrade\r\n");
}

TEST(Rewrite, adds_the_line_where_there_is_none) {
  EXPECT_EQ(with_parents("-- revision: b\n-- message: revises: x\n-- steward:upgrade\n", {"a"}),
            "-- revision: b\n-- revises: a\n-- message: revises: x\n-- steward:upgrade\n");
  EXPECT_EQ(parse(with_parents("-- revision: b\n-- steward:upgrade\nSELECT 1;\n", {"a"}), "b_.sql")
                .parents,
            std::vector<std::string>{"a"});
}

}  // namespace
}  // namespace steward::revision
