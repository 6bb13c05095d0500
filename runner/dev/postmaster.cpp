#include "runner/dev/postmaster.h"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "runner/signals.h"

namespace steward::dev {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// The lines of postmaster.pid, counted from 0 (miscadmin.h of the server counts them from 1).
enum Line : std::size_t { line_pid = 0, line_port = 3, line_socket = 4, line_status = 7 };

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream stream(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

int number(const std::string& text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// A field of /proc/<pid>/status, which everybody may read; empty when it is not there.
std::string field(const std::vector<std::string>& status, const std::string& name) {
  for (const std::string& line : status)
    if (line.starts_with(name + ":\t")) return line.substr(name.size() + 2);
  return {};
}

// A process id says little: after a crash it may be anybody's, or that of a process that has ended
// while nobody has asked how. The working directory of a server is its data directory, but not
// everybody may see it, not even every root in a container.
bool is_server_of(pid_t pid, const fs::path& data) {
  const fs::path process = "/proc/" + std::to_string(pid);
  std::error_code failure;
  if (!fs::exists("/proc/self", failure)) return true;  // no /proc: the process id has to do
  const std::vector<std::string> status = lines_of(process / "status");
  if (field(status, "Name") != "postgres" || field(status, "State").starts_with("Z")) return false;
  const fs::path directory = fs::read_symlink(process / "cwd", failure);
  return failure || fs::equivalent(directory, data, failure);
}

bool is_alive(pid_t pid, const fs::path& data) {
  return (kill(pid, 0) == 0 || errno == EPERM) && is_server_of(pid, data);
}

}  // namespace

std::optional<Postmaster> find_postmaster(const fs::path& data) {
  const std::vector<std::string> lines = lines_of(data / "postmaster.pid");
  if (lines.empty()) return std::nullopt;
  Postmaster server;
  server.pid = number(lines[line_pid]);
  if (server.pid <= 1 || !is_alive(server.pid, data)) return std::nullopt;
  if (lines.size() > line_port) server.port = number(lines[line_port]);
  if (lines.size() > line_socket) server.socket = lines[line_socket];
  server.ready = lines.size() > line_status && lines[line_status].starts_with("ready");
  return server;
}

pid_t recorded_pid(const fs::path& data) {
  const std::vector<std::string> lines = lines_of(data / "postmaster.pid");
  return lines.empty() ? 0 : number(lines[line_pid]);
}

bool stop(const Postmaster& server, const fs::path& data) {
  kill(server.pid, SIGINT);
  for (int i = 0; i < 60 * 50; ++i) {
    if (!is_alive(server.pid, data)) return true;
    signals::check();
    std::this_thread::sleep_for(20ms);
  }
  return false;
}

}  // namespace steward::dev
