#include "runner/process.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <pwd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string_view>

#include "runner/error.h"

namespace steward::process {
namespace {

constexpr std::size_t output_kept = std::size_t{64} * 1024;
constexpr int cannot_begin = 127;

[[noreturn]] void fail_to_run(const std::string& program, int error) {
  throw Error(Exit::unexpected, "cannot_run", "cannot run " + program, std::strerror(error));
}

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  void set(int fd) { fd_ = fd; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

struct Pipe {
  Descriptor read;
  Descriptor write;

  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) fail_to_run("a program", errno);
    read.set(ends[0]);
    write.set(ends[1]);
  }
};

// Who a child is and where it stands. Made before the fork, taken after it.
class Standing {
 public:
  Standing(std::optional<User> user, std::filesystem::path directory)
      : user_(std::move(user)), directory_(std::move(directory)) {
    if (user_) find_groups();
  }

  // False: it cannot, and errno says why. Privileges go in the only order in which they can.
  bool take() const {
    if (user_ && (setgroups(groups_.size(), groups_.data()) != 0 || setgid(user_->gid) != 0 ||
                  setuid(user_->uid) != 0))
      return false;
    return directory_.empty() || chdir(directory_.c_str()) == 0;
  }

 private:
  void find_groups() {
    int count = 64;
    do groups_.resize(static_cast<std::size_t>(count));
    while (getgrouplist(user_->name.c_str(), user_->gid, groups_.data(), &count) < 0);
    groups_.resize(static_cast<std::size_t>(count));
  }

  std::optional<User> user_;
  std::filesystem::path directory_;
  std::vector<gid_t> groups_;
};

bool is_replaced(std::string_view entry, const Command& command) {
  if (!command.without.empty() && entry.starts_with(command.without)) return true;
  if (command.as && entry.starts_with("HOME=")) return true;
  return std::any_of(command.variables.begin(), command.variables.end(),
                     [&](const auto& variable) { return entry.starts_with(variable.first + "="); });
}

std::vector<std::string> environment_of(const Command& command) {
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry)
    if (!is_replaced(*entry, command)) environment.emplace_back(*entry);
  for (const auto& [name, value] : command.variables) environment.push_back(name + "=" + value);
  if (command.as) environment.push_back("HOME=" + command.as->home);
  return environment;
}

// A command ready for exec: between fork and exec nothing is allocated.
class Launch {
 public:
  explicit Launch(const Command& command)
      : standing(command.as, command.directory),
        program_(find_program(command.argv.at(0))),
        arguments_(command.argv),
        environment_(environment_of(command)),
        argv_(pointers(arguments_)),
        envp_(pointers(environment_)) {
    if (program_.empty()) fail_to_run(command.argv[0], ENOENT);
  }

  // Returns only when it failed; errno says why.
  void execute() const {
    signal(SIGPIPE, SIG_DFL);  // an ignored signal would stay ignored
    execve(program_.c_str(), argv_.data(), envp_.data());
  }

  const Standing standing;

 private:
  static std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (std::string& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
  }

  std::filesystem::path program_;
  std::vector<std::string> arguments_;
  std::vector<std::string> environment_;
  std::vector<char*> argv_;
  std::vector<char*> envp_;
};

int code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return cannot_begin;
  return code_of(status);
}

// In the child. What keeps it from becoming the program is told through a pipe that exec closes.
[[noreturn]] void begin(const Launch& launch, const std::function<bool()>& open_streams,
                        int trouble) {
  if (launch.standing.take() && open_streams()) launch.execute();
  const int error = errno;
  [[maybe_unused]] const ssize_t told = write(trouble, &error, sizeof error);
  _exit(cannot_begin);
}

// open_streams runs in the child, as its user, and gives it its stdin, stdout and stderr.
pid_t start(const Command& command, const std::function<bool()>& open_streams) {
  const Launch launch(command);
  Pipe trouble;
  const pid_t child = fork();
  if (child < 0) fail_to_run(command.argv[0], errno);
  if (child == 0) begin(launch, open_streams, trouble.write.get());
  trouble.write.close();
  int error = 0;
  ssize_t size = 0;
  while ((size = read(trouble.read.get(), &error, sizeof error)) < 0 && errno == EINTR) continue;
  if (size == 0) return child;
  wait_for(child);
  fail_to_run(command.argv[0], error);
}

bool become_streams(int in, int out, int error) {
  return in >= 0 && out >= 0 && dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
         dup2(error, STDERR_FILENO) >= 0;
}
bool become_streams(int in, int out) {
  return become_streams(in, out, out);
}

// The input as a file in memory: unlike a pipe it needs nobody to write while the program reads.
int file_of(const std::string& input) {
  const int fd = memfd_create("input", MFD_CLOEXEC);
  if (fd < 0) fail_to_run("a program", errno);
  std::string_view rest = input;
  while (!rest.empty()) {
    const ssize_t written = write(fd, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) fail_to_run("a program", errno);
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
  }
  lseek(fd, 0, SEEK_SET);
  return fd;
}

std::string whole_file(int fd) {
  std::string text(static_cast<std::size_t>(lseek(fd, 0, SEEK_END)), '\0');
  std::size_t at = 0;
  while (at < text.size()) {
    const ssize_t size = pread(fd, text.data() + at, text.size() - at, static_cast<off_t>(at));
    if (size < 0 && errno != EINTR) fail_to_run("a program", errno);
    if (size > 0) at += static_cast<std::size_t>(size);
  }
  return text;
}

std::string read_to_end(int fd) {
  std::string output;
  std::array<char, 8192> buffer{};
  for (;;) {
    const ssize_t size = read(fd, buffer.data(), buffer.size());
    if (size == 0 || (size < 0 && errno != EINTR)) break;
    if (size < 0) continue;
    output.append(buffer.data(), static_cast<std::size_t>(size));
    if (output.size() > 2 * output_kept) output.erase(0, output.size() - output_kept);
  }
  if (output.size() > output_kept) output.erase(0, output.size() - output_kept);
  return output;
}

}  // namespace

std::optional<User> find_user(const std::string& name) {
  const passwd* entry = getpwnam(name.c_str());
  if (entry == nullptr) return std::nullopt;
  return User{entry->pw_name, entry->pw_uid, entry->pw_gid, entry->pw_dir};
}

bool is_root() {
  return geteuid() == 0;
}

Outcome run(const Command& command, const std::string& input) {
  const Descriptor in(file_of(input));
  Pipe out;
  const pid_t child = start(command, [&] { return become_streams(in.get(), out.write.get()); });
  out.write.close();
  std::string output = read_to_end(out.read.get());
  return {wait_for(child), std::move(output)};
}

Apart run_apart(const Command& command) {
  const Descriptor in(file_of({})), out(file_of({}));
  Pipe error;
  const pid_t child =
      start(command, [&] { return become_streams(in.get(), out.get(), error.write.get()); });
  error.write.close();
  std::string errors = read_to_end(error.read.get());
  const int code = wait_for(child);
  return {code, whole_file(out.get()), std::move(errors)};
}

pid_t spawn_daemon(const Command& command, const std::filesystem::path& log) {
  return start(command, [&] {
    setsid();
    // Whatever else is open here (a test's pipe, a shell's) must not stay open for as long as it
    // runs.
    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW | O_CLOEXEC;
    return become_streams(open("/dev/null", O_RDONLY | O_CLOEXEC), open(log.c_str(), flags, 0600));
  });
}

void become(const Command& command) {
  const Launch launch(command);
  if (launch.standing.take()) launch.execute();
  fail_to_run(command.argv[0], errno);
}

std::optional<int> ended(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, WNOHANG) != child) return std::nullopt;
  return code_of(status);
}

bool can_enter(const User& user, const std::filesystem::path& directory) {
  const Standing standing(user, directory);
  const pid_t child = fork();
  if (child < 0) fail_to_run("a program", errno);
  if (child == 0) _exit(standing.take() ? 0 : 1);
  return wait_for(child) == 0;
}

std::filesystem::path find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
  while (!rest.empty()) {
    const std::string_view directory = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), directory.size() + 1));
    const std::filesystem::path candidate = std::filesystem::path(directory) / name;
    if (!directory.empty() && access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

std::filesystem::path own_directory() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
}

}  // namespace steward::process
