// A throwaway server for tests: unix socket only, no fsync, run as an unprivileged user. The
// extension comes from a staged installation when STEWARD_STAGE names one (the DESTDIR of `make
// install`), else from the server's own directories.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "runner/pg.h"

namespace steward::test {

// A socket's directory as the host of a URL.
std::string escaped(const std::string& path);

class Server {
 public:
  // The one of this test program, started at first use and stopped at its end.
  static Server& shared();
  // One of its own, with more lines for its postgresql.conf.
  explicit Server(const std::vector<std::string>& settings = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // A new empty database; its URL as the superuser.
  std::string new_database();
  std::string url(const std::string& database, const std::string& user = "postgres") const;
  std::string socket_directory() const { return root_.string(); }
  int port() const { return port_; }

  // A connection for the test itself, and one value of a query.
  pg::Connection connect(const std::string& url) const;
  std::string value(const std::string& url, const std::string& query) const;

  // A copy of that one as it is now, as a standby of nobody, which promote() makes a primary.
  static std::unique_ptr<Server> replica_of(Server& primary);
  void promote();
  // Its first process, whose death is everybody's.
  int postmaster() const;
  // After a crash: up again, by itself or started anew.
  void recover();

  void stop(const std::string& mode = "fast");
  void start();
  // Starts it again as a standby of nobody: it takes connections and writes nothing.
  void become_standby();

 private:
  struct Empty {};
  explicit Server(Empty);
  void make_data_directory(const std::vector<std::string>& settings);
  void as_owner(const std::vector<std::string>& words) const;

  std::filesystem::path root_;
  int port_ = 5432;
  int databases_ = 0;
};

}  // namespace steward::test
