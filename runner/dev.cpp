#include "runner/dev.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include "runner/dev/place.h"
#include "runner/dev/postmaster.h"
#include "runner/dev/programs.h"
#include "runner/error.h"
#include "runner/process.h"
#include "runner/signals.h"

namespace steward::dev {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto patience = 60s;

struct Running {
  Postmaster postmaster;
  fs::path data;
};

fs::path real(const fs::path& project) {
  return fs::weakly_canonical(fs::absolute(project));
}

std::optional<Running> find_running(const fs::path& project) {
  for (const fs::path& home : possible_homes(project))
    if (const auto postmaster = find_postmaster(home / "data"))
      return Running{*postmaster, home / "data"};
  return std::nullopt;
}

// Every byte of the path but the plainest as %XX: it stands where a URL has its host.
std::string encoded(const fs::path& path) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string text;
  for (const char c : path.native()) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '.' || c == '_' || c == '-')
      text += c;
    else
      text.append({'%', digits[byte >> 4], digits[byte & 0xF]});
  }
  return text;
}

std::string url_of(const Postmaster& postmaster) {
  return "postgresql://postgres@" + encoded(postmaster.socket) + ":" +
         std::to_string(postmaster.port) + "/steward";
}

// The last lines of the log: what a person needs of it.
std::string end_of(const fs::path& log) {
  std::ifstream stream(log);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  std::size_t from = text.size();
  for (int line = 0; line < 20 && from != std::string::npos && from > 1; ++line)
    from = text.rfind('\n', from - 2) + 1;
  return text.substr(from);
}

// Held while a start looks and acts, so that two starts at once make one server.
class Lock {
 public:
  explicit Lock(const fs::path& file)
      : fd_(open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)) {
    while (fd_ >= 0 && flock(fd_, LOCK_EX) != 0 && errno == EINTR) signals::check();
  }
  ~Lock() {
    if (fd_ >= 0) close(fd_);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  int fd_;
};

// The major version that made the data; nullopt when there is no data yet.
std::optional<int> version_of(const fs::path& data) {
  int major = 0;
  if (std::ifstream(data / "PG_VERSION") >> major) return major;
  return std::nullopt;
}

// A command of the server's, run by the server's user, in its folder, unmoved by our settings.
process::Command command(const Place& place, std::vector<std::string> argv) {
  return {.argv = std::move(argv),
          .as = place.user,
          .directory = place.home,
          .variables = {{"LC_ALL", "C"}},
          .without = "PG"};
}

void run(const Place& place, std::vector<std::string> argv, const std::string& input = {}) {
  const std::string program = fs::path(argv[0]).filename();
  const process::Outcome outcome = process::run(command(place, std::move(argv)), input);
  signals::check();
  if (outcome.code != 0)
    throw Error(Exit::unexpected, "dev_initdb_failed",
                program + " could not make the private server's data", outcome.output,
                "is the disk full, or " + place.home.native() + " not writable?");
}

// In a folder of another name first, so that a start that was killed leaves nothing that looks like
// a server's data.
void make_data(const Place& place, const Programs& programs) {
  const std::string unfinished = (place.home / "data.unfinished").native();
  run(place, {"rm", "-rf", unfinished});
  run(place, {programs.program("initdb"), "-D", unfinished, "-U", "postgres", "-A", "trust", "-E",
              "UTF8", "--locale=C.UTF-8", "--no-instructions"});
  run(place, {programs.program("postgres"), "--single", "-j", "-D", unfinished, "postgres"},
      "CREATE DATABASE steward;\n\n");
  run(place, {"mv", "-T", unfinished, place.data()});
}

// Where the server finds the extension's files: the stage, or a copy of it when the server's user
// cannot enter the stage (root's checkout is root's alone).
fs::path reachable_stage(const Place& place, const Programs& programs) {
  const fs::path stage = find_stage(programs);
  if (stage.empty() || !place.user || process::can_enter(*place.user, stage)) return stage;
  const fs::path copy = place.home.parent_path() / "stage";
  fs::remove_all(copy);
  fs::copy(stage, copy, fs::copy_options::recursive);
  for (const auto& entry : fs::recursive_directory_iterator(copy))
    fs::permissions(entry, entry.is_directory() ? fs::perms{0755} : fs::perms{0644});
  fs::permissions(copy, fs::perms{0755});
  return copy;
}

// As an item of a list setting: in double quotes, where any path may stand.
std::string quoted(const fs::path& path) {
  std::string text = "\"";
  for (const char c : path.native()) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + '"';
}

// The settings stand on the command line, so that they are those of this start: the project may
// have been moved since the last one.
std::vector<std::string> server_argv(const Place& place, const Programs& programs) {
  std::vector<std::string> argv{programs.program("postgres"), "-D", place.data()};
  std::vector<std::string> settings{"listen_addresses=", "port=5432",
                                    "unix_socket_directories=" + quoted(place.socket),
                                    "unix_socket_permissions=0700", "cluster_name=steward dev"};
  for (std::string& setting : stage_settings(programs, reachable_stage(place, programs)))
    settings.push_back(std::move(setting));
  for (std::string& setting : settings) {
    argv.emplace_back("-c");
    argv.push_back(std::move(setting));
  }
  return argv;
}

[[noreturn]] void fail_to_start(const Place& place, const std::string& why) {
  throw Error(Exit::unreachable, "dev_start_failed", "the private server did not start: " + why,
              end_of(place.log()), "look at " + place.log().native());
}

// Until it takes connections. ours: the server is our child, whose end we would see.
Postmaster wait_until_ready(const Place& place, std::optional<pid_t> ours) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    if (const auto code = ours ? process::ended(*ours) : std::nullopt)
      fail_to_start(place, "it ended with exit code " + std::to_string(*code));
    const std::optional<Postmaster> server = find_postmaster(place.data());
    if (server && server->ready) return *server;
    signals::check();
    std::this_thread::sleep_for(10ms);
  }
  fail_to_start(place, "it is not ready after a minute");
}

pid_t launch(const Place& place, const OnProgress& on_progress) {
  const std::optional<int> made_by = version_of(place.data());
  const Programs programs = find_programs(made_by);
  if (!made_by) {
    on_progress("making the data of a private PostgreSQL " + programs.version + " in " +
                place.home.native());
    make_data(place, programs);
  }
  on_progress("starting PostgreSQL " + programs.version);
  process::Command server = command(place, server_argv(place, programs));
  // What a crash left: the socket's lock may go, postmaster.pid must not (dev/postmaster.h).
  fs::remove(place.socket / ".s.PGSQL.5432.lock");
  const pid_t stale = recorded_pid(place.data());
  if (stale > 0) server.variables.emplace_back("PG_GRANDPARENT_PID", std::to_string(stale));
  return process::spawn_daemon(server, place.log());
}

Server describe(const Postmaster& postmaster, const fs::path& data, bool was_running) {
  return {url_of(postmaster), postmaster.socket, data, was_running};
}

}  // namespace

Server start(const fs::path& project, const OnProgress& on_progress) {
  const fs::path root = real(project);
  if (const auto running = find_running(root); running && running->postmaster.ready)
    return describe(running->postmaster, running->data, true);
  const Place place = choose_place(root);
  make(place);
  const Lock lock(place.home / "lock");
  const bool was_running = find_postmaster(place.data()).has_value();
  if (!was_running && !place.remark.empty()) on_progress(place.remark);
  const std::optional<pid_t> ours =
      was_running ? std::nullopt : std::optional(launch(place, on_progress));
  return describe(wait_until_ready(place, ours), place.data(), was_running);
}

bool stop(const fs::path& project) {
  const auto running = find_running(real(project));
  if (!running) return false;
  if (stop(running->postmaster, running->data)) return true;
  throw Error(Exit::unexpected, "dev_stop_failed",
              "the private server does not end: process " + std::to_string(running->postmaster.pid),
              "it was asked to a minute ago",
              "look at " + (running->data.parent_path() / "log").native());
}

std::optional<std::string> url(const fs::path& project) {
  const auto running = find_running(real(project));
  if (!running || !running->postmaster.ready) return std::nullopt;
  return url_of(running->postmaster);
}

std::vector<std::string> psql_argv(const fs::path& project,
                                   const std::vector<std::string>& arguments) {
  const auto running = find_running(real(project));
  if (!running)
    throw Error(Exit::unreachable, "dev_not_running", "the project's private server does not run",
                "", "steward dev start");
  const Programs programs = find_programs(version_of(running->data));
  std::vector<std::string> argv{programs.program("psql"), url_of(running->postmaster)};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return argv;
}

}  // namespace steward::dev
