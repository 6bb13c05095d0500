#include "runner/dev.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "runner/error.h"
#include "runner/process.h"
#include "test/cluster/support/run.h"

namespace steward {
namespace {

namespace fs = std::filesystem;

// A project in a folder that the server's user can enter, as most are.
class Dev : public testing::Test {
 protected:
  Dev() {
    std::string name = (fs::temp_directory_path() / "dev-test.XXXXXX").native();
    project_ = mkdtemp(name.data());
    fs::permissions(project_, fs::perms{0755});
  }
  ~Dev() override {
    dev::stop(project_);
    std::error_code ignored;
    fs::remove_all(project_, ignored);
  }

  dev::Server start(const fs::path& project) {
    return dev::start(project, [this](const std::string& line) { said_ += line + "\n"; });
  }
  dev::Server start() { return start(project_); }

  std::string ask(const fs::path& project, const std::string& query) {
    const process::Outcome outcome =
        process::run({.argv = dev::psql_argv(project, {"-XAtqc", query})});
    return outcome.output.substr(0, outcome.output.find_last_not_of('\n') + 1);
  }
  std::string ask(const std::string& query) { return ask(project_, query); }

  pid_t server_process() {
    pid_t pid = 0;
    std::ifstream(project_ / ".steward/dev/data/postmaster.pid") >> pid;
    return pid;
  }
  void crash() {
    kill(server_process(), SIGKILL);
    while (dev::url(project_)) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }

  fs::path project_;
  std::string said_;
};

TEST_F(Dev, starts_once_and_stops_once) {
  EXPECT_EQ(dev::url(project_), std::nullopt);
  const dev::Server server = start();
  EXPECT_FALSE(server.was_running);
  EXPECT_EQ(dev::url(project_), server.url);
  EXPECT_TRUE(start().was_running);
  EXPECT_TRUE(dev::stop(project_));
  EXPECT_FALSE(dev::stop(project_));
  EXPECT_EQ(dev::url(project_), std::nullopt);
}

TEST_F(Dev, keeps_its_data_from_one_start_to_the_next) {
  start();
  ask("CREATE TABLE kept ()");
  dev::stop(project_);
  start();
  EXPECT_EQ(ask("SELECT to_regclass('kept')"), "kept");
}

TEST_F(Dev, is_a_database_of_its_own_on_a_socket_only) {
  const dev::Server server = start();
  EXPECT_EQ(ask("SELECT current_user, current_database(), inet_server_addr() IS NULL"),
            "postgres|steward|t");
  EXPECT_EQ(ask("SHOW listen_addresses"), "");
  EXPECT_EQ(ask("SELECT pg_encoding_to_char(encoding) FROM pg_database "
                "WHERE datname = current_database()"),
            "UTF8");
  EXPECT_EQ(server.socket_dir, fs::canonical(project_) / ".steward/dev");
}

TEST_F(Dev, is_closed_to_others_and_not_roots) {
  start();
  struct stat home {};
  ASSERT_EQ(stat((project_ / ".steward/dev").c_str(), &home), 0);
  EXPECT_EQ(home.st_mode & 0777, 0700u);
  struct stat running {};
  ASSERT_EQ(stat(("/proc/" + std::to_string(server_process())).c_str(), &running), 0);
  EXPECT_NE(running.st_uid, 0u);
}

TEST_F(Dev, offers_the_staged_extension) {
  if (std::getenv("STEWARD_STAGE") == nullptr) GTEST_SKIP() << "STEWARD_STAGE names no stage";
  start();
  EXPECT_EQ(ask("CREATE EXTENSION pg_steward; SELECT steward.version() IS NOT NULL"), "t");
}

TEST_F(Dev, starts_again_after_a_crash) {
  start();
  crash();
  EXPECT_FALSE(start().was_running);
  EXPECT_EQ(ask("SELECT 1"), "1");
}

TEST_F(Dev, is_not_misled_by_a_process_id_that_is_anothers_by_now) {
  start();
  crash();
  const fs::path file = project_ / ".steward/dev/data/postmaster.pid";
  std::string rest;
  {
    std::ifstream stream(file);
    std::getline(stream, rest);
    std::getline(stream, rest, '\0');
  }
  std::ofstream(file) << getpid() << "\n" << rest;
  EXPECT_EQ(dev::url(project_), std::nullopt);
  EXPECT_FALSE(dev::stop(project_));
  EXPECT_FALSE(start().was_running);
  EXPECT_EQ(ask("SELECT 1"), "1");
}

TEST_F(Dev, makes_its_data_anew_when_that_was_cut_short) {
  fs::create_directories(project_ / ".steward");
  start();
  dev::stop(project_);
  fs::rename(project_ / ".steward/dev/data", project_ / ".steward/dev/data.unfinished");
  start();
  EXPECT_EQ(ask("SELECT current_database()"), "steward");
}

TEST_F(Dev, moves_with_its_project) {
  start();
  ask("CREATE TABLE kept ()");
  dev::stop(project_);
  const fs::path moved = project_.native() + "-moved";
  fs::rename(project_, moved);
  project_ = moved;
  EXPECT_NE(start().socket_dir.native().find("-moved/"), std::string::npos);
  EXPECT_EQ(ask("SELECT to_regclass('kept')"), "kept");
}

TEST_F(Dev, takes_any_path) {
  const fs::path project = project_ / "a b \"c\" 'd' 100% ü";
  fs::create_directory(project);
  const dev::Server server = start(project);
  EXPECT_EQ(server.url.find_first_of(" ,\"'"), std::string::npos);
  EXPECT_EQ(ask(project, "SELECT 1"), "1");
  EXPECT_TRUE(dev::stop(project));
}

TEST_F(Dev, finds_another_place_when_no_socket_can_have_the_path) {
  for (const std::string& name : {std::string(90, 'x'), std::string("a,b")}) {
    const fs::path project = project_ / name;
    fs::create_directory(project);
    const dev::Server server = start(project);
    EXPECT_LT(server.socket_dir.native().size(), 80u);
    EXPECT_NE(said_.find(server.socket_dir.native()), std::string::npos) << said_;
    EXPECT_EQ(ask(project, "SELECT 1"), "1");
    EXPECT_TRUE(dev::stop(project));
    fs::remove_all(process::is_root() ? server.socket_dir.parent_path() : server.socket_dir);
  }
}

TEST_F(Dev, two_starts_at_once_make_one_server) {
  const pid_t other = fork();
  if (other == 0) {
    dev::start(project_, [](const std::string&) {});
    _exit(0);
  }
  const bool was_running = start().was_running;
  int status = -1;
  waitpid(other, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(was_running, said_.empty());
  EXPECT_EQ(ask("SELECT 1"), "1");
}

TEST_F(Dev, shows_the_log_of_a_server_that_does_not_start) {
  start();
  dev::stop(project_);
  std::ofstream(project_ / ".steward/dev/data/postgresql.auto.conf") << "shared_buffers = 'many'\n";
  try {
    start();
    FAIL() << "it started";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "dev_start_failed");
    EXPECT_NE(error.detail().find("shared_buffers"), std::string::npos) << error.detail();
  }
}

TEST_F(Dev, refuses_a_folder_into_which_others_write) {
  fs::create_directories(project_ / ".steward/dev");
  fs::permissions(project_ / ".steward/dev", fs::perms{0777});
  try {
    start();
    FAIL() << "it started";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "dev_folder_taken");
    EXPECT_EQ(error.exit(), Exit::refused);
  }
}

TEST_F(Dev, says_that_it_does_not_run) {
  try {
    dev::psql_argv(project_);
    FAIL() << "it runs";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "dev_not_running");
  }
}

TEST_F(Dev, for_root_lives_elsewhere_when_its_user_cannot_enter_the_project) {
  if (!process::is_root()) GTEST_SKIP() << "only root gives the server another user";
  fs::permissions(project_, fs::perms{0700});
  const dev::Server server = start();
  EXPECT_TRUE(server.data_dir.native().starts_with("/var/tmp/steward-dev-0-")) << server.data_dir;
  EXPECT_NE(said_.find("cannot enter"), std::string::npos) << said_;
  EXPECT_EQ(dev::url(project_), server.url);
  EXPECT_EQ(ask("SELECT 1"), "1");
  EXPECT_TRUE(dev::stop(project_));
  fs::remove_all(server.data_dir.parent_path().parent_path());
}

// The program itself, as the user that most people are.
TEST_F(Dev, serves_an_ordinary_user) {
  const auto nobody = process::find_user("nobody");
  if (!process::is_root() || !nobody) GTEST_SKIP() << "only root can become an ordinary user";
  const fs::path program = project_ / "steward";
  fs::copy_file(test::steward_path(), program);
  ASSERT_EQ(chown(project_.c_str(), nobody->uid, nobody->gid), 0);
  const auto dev = [&](const std::string& action) {
    return test::run({program, "dev", action},
                     {.directory = project_, .environment = {}, .user = nobody->uid});
  };
  const auto started = dev("start");
  EXPECT_EQ(started.exit, 0) << started.err;
  EXPECT_EQ(dev("url").out, started.out);
  struct stat running {};
  ASSERT_EQ(stat(("/proc/" + std::to_string(server_process())).c_str(), &running), 0);
  EXPECT_EQ(running.st_uid, nobody->uid);
  EXPECT_EQ(dev("stop").exit, 0);
}

}  // namespace
}  // namespace steward
