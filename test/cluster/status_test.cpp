// `steward status`: one screen, at any width, that says what a deploy would do now.
#include <gtest/gtest.h>

#include <sstream>

#include "runner/terminal.h"
#include "test/cluster/support/untroubled.h"

namespace steward::test {
namespace {

class Status : public Untroubled {
 protected:
  // What a terminal of that width shows.
  std::vector<std::string> screen(unsigned short columns, const std::string& no_color = "") const {
    RunOptions options;
    options.columns = columns;
    if (!no_color.empty()) options.environment["NO_COLOR"] = no_color;
    const auto shown = project_.steward({"status"}, options);
    std::istringstream stream(shown.out);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) {
      while (line.ends_with('\r')) line.pop_back();
      lines.push_back(line);
    }
    return lines;
  }
  void add_pending(int count) {
    for (int i = 3; i < 3 + count; ++i)
      project_.write("migrations/a" + std::to_string(i) + "_a.sql",
                     header("a" + std::to_string(i), "a" + std::to_string(i - 1)) +
                         "-- steward:upgrade\nSELECT 'a change that is told of at some length';\n");
  }
};

TEST_F(Status, is_one_screen_at_any_width) {
  add_pending(300);
  for (const unsigned short columns : std::vector<unsigned short>{40, 80, 200}) {
    const auto lines = screen(columns);
    EXPECT_LE(lines.size(), 30u) << columns;
    for (const std::string& line : lines)
      EXPECT_TRUE(line.starts_with("database") || terminal::columns_of(line) <= columns) << line;
  }
  const auto lines = screen(80);
  ASSERT_GT(lines.size(), 12u);
  EXPECT_LE(lines.size(), 24u);
  EXPECT_EQ(lines.back(), "next      steward plan shows what it locks, steward upgrade does it");
  EXPECT_EQ(lines[lines.size() - 3], "  and 288 more: steward plan");
}

TEST_F(Status, is_coloured_unless_no_color_is_set) {
  const auto joined = [](const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
  };
  EXPECT_NE(joined(screen(80)).find("\x1b["), std::string::npos);
  EXPECT_EQ(joined(screen(80, "1")).find('\x1b'), std::string::npos);
}

TEST_F(Status, is_one_line_for_each_thing_in_a_pipe) {
  RunOptions options;
  options.environment["COLUMNS"] = "40";
  const auto shown = project_.steward({"status"}, options);
  EXPECT_NE(shown.out.find("deploy    steward upgrade will do nothing\n"), std::string::npos)
      << shown.out;
  EXPECT_NE(shown.out.find("applied   2 revisions, last a2 at "), std::string::npos);
}

// What `upgrade` refuses, `status` does not promise.
TEST_F(Status, says_which_rule_will_refuse) {
  Server::shared().connect(url_).run("INSERT INTO a1 SELECT generate_series(1, 5000); ANALYZE a1");
  project_.write("steward.toml",
                 "[migrations]\ndirectory = \"migrations\"\n[safety]\nlarge_table = \"8kB\"\n");
  project_.add("a3", "a2", "ALTER TABLE a1 ALTER COLUMN n SET NOT NULL;", "SELECT 1;");
  const auto shown = project_.steward({"status"});
  EXPECT_EQ(shown.exit, 0) << shown.all();
  EXPECT_NE(shown.out.find("deploy    steward upgrade will refuse: rule "), std::string::npos)
      << shown.out;
  EXPECT_NE(shown.out.find("a3_a3.sql:5"), std::string::npos) << shown.out;
  expect_refused(12, {"refuses revision \"a3\""});
}

}  // namespace
}  // namespace steward::test
