// A throwaway PgBouncer before a throwaway server: on a unix socket of its own, trusting everybody.
#pragma once

#include <filesystem>
#include <string>

#include "test/cluster/support/server.h"

namespace steward::test {

class Pooler {
 public:
  // mode: transaction or session. size: connections to the server per database.
  Pooler(const Server& server, const std::string& mode, int size);
  ~Pooler();
  Pooler(const Pooler&) = delete;
  Pooler& operator=(const Pooler&) = delete;

  // Whether the program is on this machine.
  static bool available();
  // A URL of the server, led through the pooler.
  std::string through(const std::string& url) const;

 private:
  std::string server_;
  std::filesystem::path directory_;
};

}  // namespace steward::test
