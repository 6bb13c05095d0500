// A proxy between a client and a server's unix socket, which takes the wire protocol message by
// message, so that a test can say at which of them the client dies or the connection is cut.
#pragma once

#include <atomic>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace steward::test {

struct Fault {
  enum class What { none, kill_client, cut };
  What what = What::none;
  int at = 0;              // at this message, counted from 1 in both directions together; or 0, and
  std::string text{};      // at the first message of the client that holds this text
  bool passed_on = false;  // the server still gets that message, and its answers are dropped
};

class Proxy {
 public:
  // Passes connections on to the socket in this directory. The fault happens once.
  explicit Proxy(const std::string& server_directory, Fault fault = {});
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  // A URL of the server, led through the proxy.
  std::string through(const std::string& url) const;
  // From now on new connections go to the socket in this directory.
  void lead_to(const std::string& server_directory);
  int messages() const { return messages_; }  // that came by so far
  bool happened() const { return happened_; }

 private:
  struct Pair;
  void serve();
  void carry(int client);
  bool pass(Pair& pair, bool from_client);
  bool strikes(const std::string& message, bool from_client);

  const std::string server_;
  std::string destination_;  // guarded by mutex_
  Fault fault_;
  std::filesystem::path directory_;
  int listener_ = -1;
  std::atomic<int> messages_ = 0;
  std::atomic<bool> happened_ = false;
  std::thread thread_;
  std::mutex mutex_;  // guards what follows
  std::vector<std::thread> carriers_;
  std::vector<int> open_;
};

}  // namespace steward::test
