#include "test/cluster/support/pooler.h"

#include <pwd.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "test/cluster/support/run.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* program = "pgbouncer";

RunOptions as_owner(const fs::path& directory) {
  RunOptions options;
  options.directory = directory.string();
  options.environment["PATH"] = "/usr/sbin:/usr/local/sbin:/usr/bin:/bin";
  if (geteuid() != 0) return options;
  const passwd* entry = getpwnam("postgres");
  if (entry == nullptr) entry = getpwnam("nobody");
  if (entry == nullptr || chown(directory.c_str(), entry->pw_uid, entry->pw_gid) != 0)
    throw std::runtime_error("nobody to run the pooler");
  options.user = entry->pw_uid;
  return options;
}

}  // namespace

bool Pooler::available() {
  RunOptions options;
  options.environment["PATH"] = "/usr/sbin:/usr/local/sbin:/usr/bin:/bin";
  return run({"sh", "-c", std::string("command -v ") + program}, options).exit == 0;
}

Pooler::Pooler(const Server& server, const std::string& mode, int size)
    : server_(server.socket_directory()) {
  std::string name = (fs::temp_directory_path() / "steward-pooler-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp: " + name);
  directory_ = name;
  std::ofstream(directory_ / "pooler.ini")
      << "[databases]\n* = host=" << server_ << " port=" << server.port()
      << " user=postgres\n[pgbouncer]\n"
      << "listen_port = 6432\nunix_socket_dir = " << name << "\nauth_type = any\n"
      << "pool_mode = " << mode << "\ndefault_pool_size = " << size << "\nmax_client_conn = 100\n"
      << "query_wait_timeout = 20\npidfile = " << name << "/pid\nlogfile = " << name << "/log\n";
  fs::permissions(directory_,
                  fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  const auto started = run({program, "-d", "pooler.ini"}, as_owner(directory_));
  if (started.exit != 0) throw std::runtime_error("pgbouncer: " + started.all());
  for (int i = 0; i < 100 && !fs::exists(directory_ / ".s.PGSQL.6432"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

Pooler::~Pooler() {
  pid_t process = 0;
  std::ifstream(directory_ / "pid") >> process;
  if (process > 1) kill(process, SIGKILL);
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

std::string Pooler::through(const std::string& url) const {
  std::string text = url;
  const std::string from = escaped(server_) + ":5432";
  return text.replace(text.find(from), from.size(), escaped(directory_.string()) + ":6432");
}

}  // namespace steward::test
