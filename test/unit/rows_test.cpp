#include "runner/rows.h"

#include <gtest/gtest.h>

namespace steward::pg {
namespace {

using Texts = std::vector<std::string>;

TEST(Rows, keeps_null_apart_from_an_empty_text) {
  Rows rows({"a", "b"});
  for (const auto& value :
       std::vector<std::optional<std::string_view>>{"x", std::nullopt, "", "yy"})
    rows.add(value);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows.get(0, 0), "x");
  EXPECT_EQ(rows.get(0, 1), std::nullopt);
  EXPECT_EQ(rows.get(1, 0), "");
  EXPECT_EQ(rows.get(1, 1), "yy");
  EXPECT_EQ(rows.text(0, 1), "");
  EXPECT_THROW(rows.get(2, 0), std::out_of_range);
  EXPECT_THROW(rows.get(0, 2), std::out_of_range);
}

TEST(Rows, reads_arrays_as_postgresql_writes_them) {
  EXPECT_EQ(parse_array("{}"), Texts{});
  EXPECT_EQ(parse_array("{a,b}"), (Texts{"a", "b"}));
  EXPECT_EQ(parse_array("{\"a b\",\"q\\\"\\\\\",NULL,\"NULL\",\"\"}"),
            (Texts{"a b", "q\"\\", "", "NULL", ""}));
}

TEST(Rows, writes_arrays_that_it_reads_again) {
  const Texts texts = {"", "a", "b c", "q\"\\", "{x,y}", "NULL"};
  EXPECT_EQ(parse_array(format_array(texts)), texts);
}

}  // namespace
}  // namespace steward::pg
