// Processes: other programs run without a shell, their output caught, root's privileges given up
// first where they must not have them. Knows nothing of PostgreSQL.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace steward::process {

struct User {
  std::string name;
  uid_t uid;
  gid_t gid;
  std::string home;
};

// nullopt: there is no such user.
std::optional<User> find_user(const std::string& name);

bool is_root();

struct Command {
  std::vector<std::string> argv;                                 // find_program(argv[0]) is run
  std::optional<User> as{};                                      // set only when we are root
  std::filesystem::path directory{};                             // to run in; empty: ours
  std::vector<std::pair<std::string, std::string>> variables{};  // set, besides what we have
  std::string without{};  // variables whose names begin with this are taken away; empty: none
};

// How a program ended.
struct Outcome {
  int code;            // its exit code, or 128 and the signal that ended it
  std::string output;  // stdout and stderr as they came; the last 64 kB of them
};

// Runs the program to its end, with input as its stdin. Throws Error(Exit::unexpected,
// "cannot_run") when it cannot be started.
Outcome run(const Command& command, const std::string& input = {});

// The same with all that it wrote to stdout, apart from the end of what it wrote to stderr.
struct Apart {
  int code;
  std::string output;
  std::string errors;
};
Apart run_apart(const Command& command);

// Starts the program in a session of its own, so that it outlives us; its stdin is empty, its
// stdout and stderr go to the file log, which is emptied first. Returns its process id; throws as
// run().
pid_t spawn_daemon(const Command& command, const std::filesystem::path& log);

// Becomes the program: comes back only by throwing, as run().
[[noreturn]] void become(const Command& command);

// How our child ended, as Outcome::code; nullopt while it runs. Asked until it has answered, once.
std::optional<int> ended(pid_t child);

// Whether that user, with all its groups, can enter the directory. We must be root.
bool can_enter(const User& user, const std::filesystem::path& directory);

// Where the program of that name is: looked for on PATH, unless it holds a slash. Empty: nowhere.
std::filesystem::path find_program(const std::string& name);

// The directory that our own program is in, links followed.
std::filesystem::path own_directory();

}  // namespace steward::process
