#include "test/cluster/support/server.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "test/cluster/support/run.h"

namespace steward::test {
namespace {

namespace fs = std::filesystem;

// Who runs the server: PostgreSQL refuses to be run by root.
const passwd* owner() {
  if (geteuid() != 0) return nullptr;
  for (const char* name : {"postgres", "nobody"})
    if (const passwd* entry = getpwnam(name)) return entry;
  throw std::runtime_error("neither postgres nor nobody is a user here");
}

std::string pg_config(const std::string& what) {
  const char* program = std::getenv("PG_CONFIG");
  const Outcome result = run({program != nullptr ? program : "pg_config", what});
  if (result.exit != 0) throw std::runtime_error("pg_config: " + result.err);
  return result.out.substr(0, result.out.find('\n'));
}

const std::string& bin_directory() {
  static const std::string path = pg_config("--bindir");
  return path;
}

fs::path new_directory() {
  std::string name = (fs::temp_directory_path() / "steward-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp: " + name);
  if (const passwd* entry = owner())
    if (chown(name.c_str(), entry->pw_uid, entry->pw_gid) != 0)
      throw std::runtime_error("chown: " + name);
  return name;
}

void run_as_owner(const std::vector<std::string>& words, const fs::path& directory) {
  RunOptions options;
  options.directory = directory.string();
  if (const passwd* entry = owner()) options.user = entry->pw_uid;
  const Outcome result = run(words, options);
  if (result.exit != 0) throw std::runtime_error(words[0] + ": " + result.all());
}

// initdb takes seconds; each test program copies what the first one made.
fs::path template_directory() {
  const fs::path kept = fs::path(STEWARD_BINARY_DIR) /
                        ("cluster-" + fs::path(bin_directory()).parent_path().filename().string());
  const int lock = open((kept.string() + ".lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  if (lock < 0 || flock(lock, LOCK_EX) != 0) throw std::runtime_error("lock: " + kept.string());
  if (!fs::exists(kept)) {
    const fs::path made = new_directory();
    run_as_owner({bin_directory() + "/initdb", "-D", (made / "data").string(), "-U", "postgres",
                  "-A", "trust", "--no-sync", "--no-instructions", "-E", "UTF8", "--locale=C"},
                 made);
    fs::copy(made / "data", kept.string() + ".new", fs::copy_options::recursive);
    fs::rename(kept.string() + ".new", kept);
    fs::remove_all(made);
  }
  close(lock);
  return kept;
}

void give_away(const fs::path& directory) {
  const passwd* entry = owner();
  for (const auto& item : fs::recursive_directory_iterator(directory)) {
    if (item.is_directory()) fs::permissions(item.path(), fs::perms::owner_all);
    if (entry != nullptr && lchown(item.path().c_str(), entry->pw_uid, entry->pw_gid) != 0)
      throw std::runtime_error("lchown: " + item.path().string());
  }
}

// Where the server finds a staged extension: Debian's own setting up to 17, PostgreSQL's since 18.
std::string stage_settings() {
  const char* stage = std::getenv("STEWARD_STAGE");
  if (stage == nullptr || *stage == '\0') return "";
  const std::string root = fs::absolute(stage).string();
  if (std::stoi(pg_config("--version").substr(11)) < 18)
    return "extension_destdir = '" + root + "'\n";
  return "extension_control_path = '" + root + pg_config("--sharedir") +
         ":$system'\ndynamic_library_path = '" + root + pg_config("--pkglibdir") + ":$libdir'\n";
}

}  // namespace

Server& Server::shared() {
  static Server server;
  return server;
}

Server::Server(const std::vector<std::string>& settings) : root_(new_directory()) {
  make_data_directory(settings);
  start();
}

Server::Server(Empty) : root_(new_directory()) {}

std::unique_ptr<Server> Server::replica_of(Server& primary) {
  std::unique_ptr<Server> replica(new Server(Empty{}));
  primary.stop();
  fs::copy(primary.root_ / "data", replica->root_ / "data", fs::copy_options::recursive);
  primary.start();
  std::ofstream(replica->root_ / "data" / "postgresql.conf", std::ios::app)
      << "unix_socket_directories = '" << replica->root_.string() << "'\n";
  std::ofstream(replica->root_ / "data" / "standby.signal").close();
  give_away(replica->root_);
  fs::permissions(replica->root_,
                  fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  replica->start();
  return replica;
}

void Server::promote() {
  as_owner({bin_directory() + "/pg_ctl", "-D", (root_ / "data").string(), "-w", "-s", "promote"});
}

int Server::postmaster() const {
  int process = 0;
  std::ifstream(root_ / "data" / "postmaster.pid") >> process;
  return process;
}

void Server::recover() {
  // The first process needs a moment to hear of a death.
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  for (int attempt = 0; attempt < 100; ++attempt) {
    try {
      connect(url("postgres"));
      return;
    } catch (const std::exception&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    const int process = postmaster();
    if (process > 1 && kill(process, 0) == 0) continue;  // it is at it
    try {
      start();
    } catch (const std::exception&) {  // its last session has not noticed yet
    }
  }
  throw std::runtime_error("the server does not come back");
}

Server::~Server() {
  try {
    stop("immediate");
  } catch (const std::exception&) {
    // It was not running any more.
  }
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

void Server::make_data_directory(const std::vector<std::string>& settings) {
  fs::copy(template_directory(), root_ / "data", fs::copy_options::recursive);
  std::ofstream configuration(root_ / "data" / "postgresql.conf", std::ios::app);
  configuration << "listen_addresses = ''\nunix_socket_directories = '" << root_.string()
                << "'\nfsync = off\nshared_buffers = 16MB\nlog_line_prefix = '%m [%p] %a '\n"
                << stage_settings();
  for (const std::string& line : settings) configuration << line << '\n';
  configuration.close();
  give_away(root_);
  fs::permissions(root_, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
}

void Server::as_owner(const std::vector<std::string>& words) const {
  run_as_owner(words, root_);
}

void Server::start() {
  as_owner({bin_directory() + "/pg_ctl", "-D", (root_ / "data").string(), "-l",
            (root_ / "log").string(), "-w", "-t", "60", "-s", "start"});
}

void Server::stop(const std::string& mode) {
  as_owner({bin_directory() + "/pg_ctl", "-D", (root_ / "data").string(), "-m", mode, "-w", "-s",
            "stop"});
}

void Server::become_standby() {
  stop();
  const fs::path signal = root_ / "data" / "standby.signal";
  std::ofstream(signal).close();
  if (const passwd* entry = owner())
    if (chown(signal.c_str(), entry->pw_uid, entry->pw_gid) != 0) throw std::runtime_error("chown");
  start();
}

std::string escaped(const std::string& path) {
  std::string text;
  for (const char c : path) text += c == '/' ? std::string("%2F") : std::string(1, c);
  return text;
}

std::string Server::url(const std::string& database, const std::string& user) const {
  return "postgresql://" + user + "@" + escaped(root_.string()) + ":" + std::to_string(port_) +
         "/" + database;
}

std::string Server::new_database() {
  const std::string name = "test_" + std::to_string(++databases_);
  connect(url("postgres")).run("CREATE DATABASE " + name);
  return url(name);
}

pg::Connection Server::connect(const std::string& url) const {
  return pg::Connection(url::parse(url), "test");
}

std::string Server::value(const std::string& url, const std::string& query) const {
  const pg::Rows rows = connect(url).query(query);
  return rows.empty() ? "(no row)" : std::string(rows.text(0, 0));
}

}  // namespace steward::test
