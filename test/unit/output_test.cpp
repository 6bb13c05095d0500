#include "runner/report/output.h"

#include <gtest/gtest.h>

namespace steward::report {
namespace {

const terminal::Style plain{};

Error failed_step() {
  Error error(Exit::failed, "step_failed", "relation \"x\" does not exist", "It never did.",
              "steward status");
  error.at(Place{"migrations/a1_x.sql", 12, 15, 3, "ALTER TABLE \tx ADD y int;"});
  error.sqlstate = "42P01";
  error.context = "revision a1, statement 3\nsecond";
  return error;
}

TEST(Output, shows_an_error_with_its_line_and_a_caret) {
  EXPECT_EQ(format_error(failed_step(), plain),
            "error: relation \"x\" does not exist\n"
            " --> migrations/a1_x.sql:12:15 (statement 3)\n"
            "12 | ALTER TABLE \tx ADD y int;\n"
            "   |             \t ^\n"
            "detail: It never did.\n"
            "context: revision a1, statement 3\n"
            "         second\n"
            "hint: steward status\n");
}

TEST(Output, puts_the_caret_under_wide_characters) {
  Error error(Exit::failed, "step_failed", "no");
  error.at(Place{"f.sql", 1, 4, 0, "日本語x"});
  EXPECT_NE(format_error(error, plain).find("\n  |       ^\n"), std::string::npos)
      << format_error(error, plain);
}

TEST(Output, gives_scripts_the_same_error_as_an_object) {
  EXPECT_EQ(to_text(error_object(failed_step())),
            "{\"code\":\"step_failed\",\"message\":\"relation \\\"x\\\" does not "
            "exist\",\"detail\":\"It never did.\","
            "\"hint\":\"steward "
            "status\",\"file\":\"migrations/a1_x.sql\",\"line\":12,\"column\":15,\"statement\":3,"
            "\"sqlstate\":\"42P01\",\"context\":\"revision a1, statement 3\\nsecond\",\"exit\":8}");
  EXPECT_EQ(to_text(error_object(Error(Exit::usage, "usage", "no"))),
            "{\"code\":\"usage\",\"message\":\"no\",\"exit\":2}");
}

TEST(Output, does_not_let_an_error_steer_the_terminal) {
  const std::string text = format_error(Error(Exit::failed, "x", "a\x1b[2Jb\r\x07"), plain);
  EXPECT_EQ(text, "error: a [2Jb  \n");
}

TEST(Output, aligns_columns_and_cuts_the_last) {
  EXPECT_EQ(format_table({{"a", "first"}, {"long", "日本語"}}, 80), "a     first\nlong  日本語\n");
  EXPECT_EQ(format_table({{"a", "a message that is too long"}}, 14), "a  a message …\n");
  EXPECT_EQ(format_table({{"a", ""}}, 80), "a\n");
}

TEST(Output, keeps_a_field_on_one_line_for_programs) {
  const std::string text(200, 'x');
  EXPECT_EQ(format_field({"pending", "3 of " + text}, plain), "pending   3 of " + text + "\n");
  EXPECT_EQ(format_field({"at", ""}, plain), "at        \n");
}

TEST(Output, wraps_a_field_on_a_terminal_under_its_text) {
  terminal::Style narrow{true, false, 24};
  EXPECT_EQ(format_field({"deploy", "steward upgrade will do nothing"}, narrow),
            "deploy    steward\n          upgrade will\n          do nothing\n");
  narrow.color = true;
  EXPECT_EQ(
      format_field({"deploy", "up to date now", terminal::Tone::bad, terminal::Tone::good}, narrow),
      "\x1b[1;31mdeploy\x1b[0m    \x1b[32mup to date now\x1b[0m\n");
}

TEST(Terminal, wraps_at_spaces_alone) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(terminal::wrapped("a bc  d", 4), (Lines{"a bc", "d"}));
  EXPECT_EQ(terminal::wrapped("日本 語 x", 4), (Lines{"日本", "語 x"}));
  EXPECT_EQ(terminal::wrapped("longer_than_that x", 4), (Lines{"longer_than_that", "x"}));
  EXPECT_EQ(terminal::wrapped("", 4), Lines{""});
  EXPECT_EQ(terminal::wrapped("a  b ", std::string::npos), (Lines{"a  b "}));
}

TEST(Terminal, measures_columns) {
  EXPECT_EQ(terminal::columns_of("abc"), 3u);
  EXPECT_EQ(terminal::columns_of("日本"), 4u);
  EXPECT_EQ(terminal::columns_of("e\xCC\x81"), 1u);
  EXPECT_EQ(terminal::columns_of("\x1b[31mred\x1b[0m"), 3u);
  EXPECT_EQ(terminal::cut("日本語", 4), "日…");
  EXPECT_EQ(terminal::cut("abc", 3), "abc");
}

}  // namespace
}  // namespace steward::report
