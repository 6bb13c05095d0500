// Runs a command and prints what it cost, as one line on stdout; what the command prints goes to
// stderr.
//
//   measure [--backend NAME] COMMAND [ARGUMENT...]
//     wall=SECONDS cpu=MILLISECONDS rss=KILOBYTES exit=CODE
//   and with --backend, for the server's processes whose application_name is NAME, found over a
//   connection of measure's own (PG* variables; the server runs on this machine):
//     backend_rss=KILOBYTES backend_cpu=MILLISECONDS
//
// cpu is user and system time, rss the peak. backend_rss is the peak of anonymous memory above that
// of an idle backend, looked at every few milliseconds. PostgreSQL's shared buffers are in neither.
#include <libpq-fe.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_looks{2};

struct Usage {
  double wall = 0;  // seconds
  double cpu = 0;   // milliseconds
  long rss = 0;     // kB
  int exit = 0;
};

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

[[noreturn]] void fail(const std::string& message) {
  std::fprintf(stderr, "measure: %s\n", message.c_str());
  std::exit(2);
}

// Zero when the process is gone.
long anonymous_memory(int pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("RssAnon:")) return std::atol(line.c_str() + 8);
  return 0;
}

// Milliseconds of CPU time, in steps of the system's clock tick.
double cpu_time(int pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(stat, line);
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return 0;
  unsigned long user = 0, system = 0;
  std::sscanf(line.c_str() + name_end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
              &user, &system);
  return static_cast<double>(user + system) * 1e3 / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// The server's processes that work for the command.
class Backends {
 public:
  explicit Backends(std::string name)
      : name_(std::move(name)), connection_(PQconnectdb("application_name=measure"), &PQfinish) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) fail(PQerrorMessage(connection_.get()));
    idle_ = anonymous_memory(PQbackendPID(connection_.get()));
  }

  void look() {
    if (looks_++ % 16 == 0) find();
    for (auto& [pid, seen] : seen_) {
      seen.memory = std::max(seen.memory, anonymous_memory(pid));
      seen.cpu = std::max(seen.cpu, cpu_time(pid));
    }
  }

  void print() const {
    long memory = 0;
    double cpu = 0;
    for (const auto& [pid, seen] : seen_) {
      memory = std::max(memory, seen.memory);
      cpu += seen.cpu;
    }
    std::printf(" backend_rss=%ld backend_cpu=%.0f", std::max(memory - idle_, 0L), cpu);
  }

 private:
  struct Seen {
    long memory = 0;
    double cpu = 0;
  };

  void find() {
    const char* values[] = {name_.c_str()};
    PGresult* rows = PQexecParams(connection_.get(),
                                  "SELECT pid FROM pg_stat_activity WHERE application_name = $1", 1,
                                  nullptr, values, nullptr, nullptr, 0);
    for (int row = 0; row < PQntuples(rows); ++row) seen_[std::atoi(PQgetvalue(rows, row, 0))];
    PQclear(rows);
  }

  std::string name_;
  std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
  long idle_ = 0;
  unsigned looks_ = 0;
  std::map<int, Seen> seen_;
};

pid_t start(char** command) {
  const pid_t child = fork();
  if (child < 0) fail("cannot fork");
  if (child > 0) return child;
  dup2(STDERR_FILENO, STDOUT_FILENO);
  execvp(command[0], command);
  std::perror(command[0]);
  _exit(127);
}

Usage wait_for(pid_t child, Backends* backends) {
  int status = 0;
  rusage used{};
  while (wait4(child, &status, backends ? WNOHANG : 0, &used) != child) {
    if (!backends) continue;
    backends->look();
    std::this_thread::sleep_for(between_looks);
  }
  return {0, milliseconds(used.ru_utime) + milliseconds(used.ru_stime), used.ru_maxrss,
          WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
}

Usage run(char** command, Backends* backends) {
  const Clock::time_point begun = Clock::now();
  Usage usage = wait_for(start(command), backends);
  usage.wall = std::chrono::duration<double>(Clock::now() - begun).count();
  return usage;
}

}  // namespace

int main(int argc, char** argv) {
  std::unique_ptr<Backends> backends;
  char** command = argv + std::min(argc, 1);
  if (argc > 3 && std::string(command[0]) == "--backend") {
    backends = std::make_unique<Backends>(command[1]);
    command += 2;
  }
  if (!*command) fail("usage: measure [--backend NAME] COMMAND [ARGUMENT...]");
  const Usage usage = run(command, backends.get());
  std::printf("wall=%.4f cpu=%.1f rss=%ld exit=%d", usage.wall, usage.cpu, usage.rss, usage.exit);
  if (backends) backends->print();
  std::printf("\n");
  return usage.exit;
}
