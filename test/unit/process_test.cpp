#include "runner/process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "runner/error.h"

namespace steward {
namespace {

namespace fs = std::filesystem;

process::Outcome shell(const std::string& script) {
  return process::run({.argv = {"/bin/sh", "-c", script}});
}

TEST(Process, gives_the_exit_code_and_both_streams_in_order) {
  const process::Outcome outcome = shell("echo one; echo two >&2; echo three; exit 7");
  EXPECT_EQ(outcome.code, 7);
  EXPECT_EQ(outcome.output, "one\ntwo\nthree\n");
}

TEST(Process, tells_a_signal_as_a_shell_does) {
  EXPECT_EQ(shell("kill -TERM $$").code, 128 + SIGTERM);
}

TEST(Process, passes_arguments_as_they_are) {
  const process::Outcome outcome =
      process::run({.argv = {"/bin/echo", "a b", "$HOME", "'", "*", ""}});
  EXPECT_EQ(outcome.output, "a b $HOME ' * \n");
}

TEST(Process, feeds_the_input) {
  EXPECT_EQ(process::run({.argv = {"cat"}}, "line\n").output, "line\n");
  EXPECT_EQ(process::run({.argv = {"cat"}}).output, "");
}

TEST(Process, survives_a_program_that_reads_nothing) {
  EXPECT_EQ(process::run({.argv = {"true"}}, std::string(1 << 20, 'x')).code, 0);
}

TEST(Process, keeps_the_end_of_a_long_output) {
  const process::Outcome outcome =
      shell("i=0; while [ $i -lt 30000 ]; do echo 12345678; i=$((i+1)); done; echo last");
  EXPECT_EQ(outcome.output.size(), 64u * 1024);
  EXPECT_TRUE(outcome.output.ends_with("12345678\nlast\n"));
}

TEST(Process, sets_and_takes_away_variables) {
  setenv("PGSOMETHING", "there", 1);
  const process::Outcome outcome =
      process::run({.argv = {"/bin/sh", "-c", "echo ${PGSOMETHING-gone} $LC_ALL"},
                    .variables = {{"LC_ALL", "C"}},
                    .without = "PG"});
  unsetenv("PGSOMETHING");
  EXPECT_EQ(outcome.output, "gone C\n");
}

TEST(Process, runs_in_the_directory) {
  EXPECT_EQ(process::run({.argv = {"pwd"}, .directory = "/"}).output, "/\n");
}

TEST(Process, says_what_cannot_be_run) {
  for (const std::string program : {"/no/such/program", "no-such-program", "/etc/passwd"}) {
    try {
      process::run({.argv = {program}});
      ADD_FAILURE() << program << " ran";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "cannot_run");
      EXPECT_NE(std::string(error.what()).find(program), std::string::npos);
    }
  }
}

TEST(Process, leaves_no_signal_ignored) {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  const process::Outcome outcome = shell("kill -PIPE $$; echo survived");
  std::signal(SIGPIPE, before);
  EXPECT_EQ(outcome.code, 128 + SIGPIPE);
}

TEST(Process, a_daemon_writes_its_log_in_a_session_of_its_own) {
  const fs::path log = fs::temp_directory_path() / ("daemon-" + std::to_string(getpid()));
  std::ofstream(log) << "of the last time\n";
  const pid_t child = process::spawn_daemon(
      {.argv = {"/bin/sh", "-c", "read line; cut -d' ' -f6 /proc/$$/stat; echo $$ >&2"}}, log);
  std::optional<int> code;
  while (!(code = process::ended(child))) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  std::ifstream stream(log);
  pid_t session = 0;
  pid_t own = 0;
  stream >> session >> own;
  fs::remove(log);
  EXPECT_EQ(*code, 0);
  EXPECT_EQ(own, child);
  EXPECT_EQ(session, child);
}

TEST(Process, a_daemon_holds_none_of_our_descriptors) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = process::spawn_daemon({.argv = {"sleep", "60"}}, "/dev/null");
  close(ends[1]);
  char byte = 0;
  EXPECT_EQ(read(ends[0], &byte, 1), 0) << "its end is still open in the daemon";
  close(ends[0]);
  kill(child, SIGKILL);
  while (!process::ended(child)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

class ProcessAsRoot : public testing::Test {
 protected:
  void SetUp() override {
    if (!process::is_root()) GTEST_SKIP() << "needs root, to give it up";
    nobody_ = process::find_user("nobody");
    ASSERT_TRUE(nobody_);
  }
  std::optional<process::User> nobody_;
};

TEST_F(ProcessAsRoot, gives_up_every_privilege) {
  const process::Outcome outcome =
      process::run({.argv = {"grep", "-E", "^(Uid|Gid|CapEff):", "/proc/self/status"},
                    .as = nobody_,
                    .directory = "/"});
  const std::string uid = std::to_string(nobody_->uid);
  const std::string gid = std::to_string(nobody_->gid);
  EXPECT_EQ(outcome.output, "Uid:\t" + uid + "\t" + uid + "\t" + uid + "\t" + uid + "\nGid:\t" +
                                gid + "\t" + gid + "\t" + gid + "\t" + gid +
                                "\nCapEff:\t0000000000000000\n");
}

TEST_F(ProcessAsRoot, knows_what_a_user_cannot_enter) {
  const fs::path directory = fs::temp_directory_path() / ("closed-" + std::to_string(getpid()));
  fs::create_directory(directory);
  fs::permissions(directory, fs::perms{0700});
  EXPECT_FALSE(process::can_enter(*nobody_, directory));
  fs::permissions(directory, fs::perms{0755});
  EXPECT_TRUE(process::can_enter(*nobody_, directory));
  fs::remove(directory);
}

}  // namespace
}  // namespace steward
