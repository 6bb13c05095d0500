#include "runner/environment.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "runner/error.h"

namespace steward {
namespace {

std::string only_value(const std::string& line) {
  return parse_env(line, ".env").at(0).value;
}

TEST(Environment, reads_the_usual_spellings_of_a_line) {
  EXPECT_EQ(only_value("A=b"), "b");
  EXPECT_EQ(only_value("  export A = b  "), "b");
  EXPECT_EQ(only_value("A='a $b # c'"), "a $b # c");
  EXPECT_EQ(only_value("A=\"a \\\"b\\\"\\n\""), "a \"b\"\n");
  EXPECT_EQ(only_value("A=postgres://h/d#x # a comment"), "postgres://h/d#x");
  EXPECT_EQ(only_value("A="), "");
  EXPECT_EQ(only_value("\xEF\xBB\xBF"
                       "A=b\r\n"),
            "b");
  EXPECT_TRUE(parse_env("# nothing\n\n   \n", ".env").empty());
}

TEST(Environment, refuses_a_line_it_cannot_read_with_its_number) {
  for (const char* text : {"A=b\nnonsense", "A=b\n1A=c", "A=b\nA='open"}) {
    try {
      parse_env(text, ".env");
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "bad_env_file");
      EXPECT_EQ(error.place()->line, 2u);
    }
  }
}

TEST(Environment, expands_variables) {
  const Environment environment({{"A", "one"}, {"EMPTY", ""}});
  EXPECT_EQ(environment.expand("<${A}> ${B:-two} ${EMPTY:-three} $$x $y"), "<one> two three $x $y");
  EXPECT_THROW(environment.expand("${B}"), Error);
}

TEST(Environment, lets_the_process_win_over_the_file) {
  const auto path = std::filesystem::path(testing::TempDir()) / "steward_test.env";
  std::ofstream(path) << "A=file\nB=file\nEMPTY=file\n";
  Environment environment({{"A", "process"}, {"EMPTY", ""}});
  environment.read_file(path);
  EXPECT_EQ(environment.get("A")->text, "process");
  EXPECT_EQ(environment.get("B")->text, "file");
  EXPECT_EQ(environment.get("B")->source, path.string() + ":2");
  EXPECT_FALSE(environment.get("EMPTY"));
  EXPECT_FALSE(environment.get("C"));
}

}  // namespace
}  // namespace steward
