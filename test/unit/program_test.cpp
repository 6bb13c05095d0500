// Programs whose output is data: what they print is taken, what they fail with is told.
#include "runner/program.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "runner/error.h"

namespace steward {
namespace {

using namespace std::chrono_literals;

program::Answer shell(const std::string& script, const program::Limits& limits = {}) {
  return program::ask({.argv = {"/bin/sh", "-c", script}}, "program x", limits);
}

Error failure(const std::string& script, const program::Limits& limits = {}) {
  try {
    shell(script, limits);
  } catch (const Error& error) {
    return error;
  }
  return {Exit::done, "none", "it did not fail"};
}

TEST(Program, keeps_its_two_streams_apart) {
  const program::Answer answer = shell("echo SELECT; echo warning >&2; echo 1");
  EXPECT_EQ(answer.out, "SELECT\n1\n");
  EXPECT_EQ(answer.err, "warning\n");
}

TEST(Program, is_run_without_a_shell_in_its_directory) {
  process::Command command{.argv = {"/bin/ls", "-a", "$HOME", "*"}};
  EXPECT_THROW(program::ask(command, "x", {}), Error);
  command = {.argv = {"/bin/pwd"}};
  command.directory = "/usr";
  EXPECT_EQ(program::ask(command, "x", {}).out, "/usr\n");
}

TEST(Program, takes_more_than_a_pipe_holds_from_both_streams) {
  const program::Answer answer =
      shell("head -c 3000000 /dev/zero | tr '\\0' a; head -c 3000000 /dev/zero | tr '\\0' b >&2");
  EXPECT_EQ(answer.out.size(), 3000000U);
}

TEST(Program, that_fails_tells_its_exit_code_and_what_it_said) {
  const Error error = failure("echo half; echo 'no module models' >&2; exit 3");
  EXPECT_EQ(error.code(), "program_failed");
  EXPECT_EQ(error.exit(), Exit::failed);
  EXPECT_STREQ(error.what(), "program x ended with exit code 3");
  EXPECT_EQ(error.detail(), "no module models");
  EXPECT_NE(error.hint().find("/bin/sh -c 'echo half;"), std::string::npos) << error.hint();
}

TEST(Program, shows_no_password_of_a_url) {
  const Error error =
      failure("echo 'cannot connect to \"postgresql://ann:s3cret@db/x\"' >&2; exit 1");
  EXPECT_EQ(error.detail(), "cannot connect to \"postgresql://ann:***@db/x\"");
}

TEST(Program, that_prints_nothing_is_no_schema) {
  EXPECT_EQ(failure("true").code(), "program_output");
  EXPECT_EQ(failure("printf ' \\n'").code(), "program_output");
  EXPECT_EQ(failure("printf '\\377'").code(), "program_output");
}

TEST(Program, is_ended_with_what_it_started_when_it_is_too_slow) {
  const std::string file = testing::TempDir() + "steward_program_test";
  std::filesystem::remove(file);
  const auto begin = std::chrono::steady_clock::now();
  const Error error = failure("(sleep 1; echo late >" + file + ") & sleep 60", {.time = 200ms});
  EXPECT_EQ(error.code(), "program_too_slow");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
  std::this_thread::sleep_for(1500ms);
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(Program, is_not_waited_for_when_only_its_output_ended) {
  EXPECT_EQ(failure("exec >&- 2>&-; sleep 60", {.time = 200ms}).code(), "program_too_slow");
}

TEST(Program, may_not_print_without_end) {
  const Error error = failure("yes", {.size = 100000});
  EXPECT_EQ(error.code(), "program_too_long");
}

TEST(Program, that_is_not_there_is_named) {
  try {
    program::ask({.argv = {"no-such-program-here"}}, "x", {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "program_not_found");
    EXPECT_EQ(error.exit(), Exit::usage);
  }
}

}  // namespace
}  // namespace steward
