#include "test/cluster/support/run.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pty.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

extern char** environ;

namespace steward::test {
namespace {

using Clock = std::chrono::steady_clock;

// The pipes, or the terminal, between the test and the program.
struct Channels {
  int input[2] = {-1, -1};
  int output[2] = {-1, -1};
  int error[2] = {-1, -1};
  int terminal[2] = {-1, -1};  // ours, theirs
};

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

Channels open_channels(const RunOptions& options) {
  Channels channels;
  require(pipe(channels.input) == 0, "pipe");
  if (options.columns) {
    winsize size{24, *options.columns, 0, 0};
    require(openpty(&channels.terminal[0], &channels.terminal[1], nullptr, nullptr, &size) == 0,
            "openpty");
    return channels;
  }
  require(pipe(channels.output) == 0 && pipe(channels.error) == 0, "pipe");
  return channels;
}

bool leads_somewhere(std::string_view name) {
  return name.starts_with("PG") || name.find("DATABASE_URL") != std::string_view::npos ||
         name == "DIRECT_URL" || name == "NO_COLOR" || name == "CLICOLOR_FORCE" ||
         name == "COLUMNS" || name == "TERM";
}

std::vector<std::string> environment_of(const RunOptions& options) {
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::string name = text.substr(0, text.find('='));
    if (!leads_somewhere(name) && !options.environment.contains(name)) variables.push_back(text);
  }
  if (options.columns && !options.environment.contains("TERM")) variables.push_back("TERM=xterm");
  for (const auto& [name, value] : options.environment) variables.push_back(name + "=" + value);
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

void become(unsigned user) {
  const passwd* entry = getpwuid(user);
  if (entry == nullptr || setgroups(0, nullptr) != 0 || setgid(entry->pw_gid) != 0 ||
      setuid(user) != 0)
    _exit(126);
}

void connect_streams(const Channels& channels, const RunOptions& options) {
  const bool terminal = channels.terminal[1] >= 0;
  if (terminal) setsid();
  dup2(terminal && options.typed ? channels.terminal[1] : channels.input[0], STDIN_FILENO);
  dup2(terminal ? channels.terminal[1] : channels.output[1], STDOUT_FILENO);
  dup2(terminal ? channels.terminal[1] : channels.error[1], STDERR_FILENO);
  // What is left open would keep the pipes from ending.
  for (int descriptor = 3; descriptor < 256; ++descriptor) close(descriptor);
  if (!options.closed_stdout) return;
  int ends[2];
  if (pipe(ends) != 0) _exit(126);
  close(ends[0]);
  dup2(ends[1], STDOUT_FILENO);
}

[[noreturn]] void become_program(std::vector<std::string> words, const RunOptions& options,
                                 const Channels& channels) {
  std::vector<std::string> variables = environment_of(options);
  connect_streams(channels, options);
  if (!options.directory.empty() && chdir(options.directory.c_str()) != 0) _exit(126);
  if (options.user) become(*options.user);
  std::signal(SIGPIPE, SIG_DFL);
  execvpe(words[0].c_str(), pointers(words).data(), pointers(variables).data());
  _exit(127);
}

// Reads what there is; false when the other end is closed.
bool drain(int descriptor, std::string& text) {
  std::array<char, 65536> buffer;
  const ssize_t size = read(descriptor, buffer.data(), buffer.size());
  if (size <= 0) return false;
  text.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

class Reader {
 public:
  Reader(pid_t child, const RunOptions& options)
      : child_(child), options_(options), started_(Clock::now()) {}

  void read_all(std::array<pollfd, 2> streams, Outcome& result) {
    while (streams[0].fd >= 0 || streams[1].fd >= 0) {
      poll(streams.data(), streams.size(), 20);
      if (streams[0].revents != 0 && !drain(streams[0].fd, result.out)) streams[0].fd = -1;
      if (streams[1].revents != 0 && !drain(streams[1].fd, result.err)) streams[1].fd = -1;
      send_signal();
    }
  }

 private:
  void send_signal() {
    const int times = options_.signal_after_ms == 0 ? 0 : options_.again_after_ms == 0 ? 1 : 2;
    if (sent_ == times) return;
    const int due = options_.signal_after_ms + sent_ * options_.again_after_ms;
    if (Clock::now() - started_ < std::chrono::milliseconds(due)) return;
    kill(child_, options_.signal);
    ++sent_;
  }
  pid_t child_;
  const RunOptions& options_;
  Clock::time_point started_;
  int sent_ = 0;
};

void close_all(std::initializer_list<int> descriptors) {
  for (const int descriptor : descriptors)
    if (descriptor >= 0) close(descriptor);
}

}  // namespace

Outcome run(const std::vector<std::string>& words, const RunOptions& options) {
  const Channels channels = open_channels(options);
  const pid_t child = fork();
  require(child >= 0, "fork");
  if (child == 0) become_program(words, options, channels);
  close_all({channels.input[0], channels.output[1], channels.error[1], channels.terminal[1]});
  if (!options.input.empty()) {
    const int keyboard = options.typed ? channels.terminal[0] : channels.input[1];
    const ssize_t written = write(keyboard, options.input.data(), options.input.size());
    require(written == static_cast<ssize_t>(options.input.size()), "write");
  }
  close(channels.input[1]);
  Outcome result;
  const int output = channels.terminal[0] >= 0 ? channels.terminal[0] : channels.output[0];
  Reader(child, options)
      .read_all({pollfd{output, POLLIN, 0}, pollfd{channels.error[0], POLLIN, 0}}, result);
  close_all({output, channels.error[0]});
  int status = 0;
  waitpid(child, &status, 0);
  result.exit = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return result;
}

std::string steward_path() {
  const char* given = std::getenv("STEWARD_PROGRAM");
  return given != nullptr ? given : STEWARD_BINARY_DIR "/steward";
}

Outcome steward(std::vector<std::string> words, RunOptions options) {
  words.insert(words.begin(), steward_path());
  return run(words, options);
}

}  // namespace steward::test
