// An impostor: it listens where a server should, takes what it is sent and answers with given
// bytes. For servers that refuse, and for those that are none.
#pragma once

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace steward::test {

class Impostor {
 public:
  // On a unix socket of its own; each connection gets the answer and is closed.
  explicit Impostor(std::string answer);
  ~Impostor();
  Impostor(const Impostor&) = delete;
  Impostor& operator=(const Impostor&) = delete;

  std::string url(const std::string& password = "") const;

  // A server's refusal of a connection, in the wire protocol.
  static std::string refusal(const std::string& sqlstate, const std::string& message);
  // A server that lets everybody in and reports these parameters (name, value, ...).
  static std::string welcome(const std::vector<std::string>& parameters);

 private:
  void serve();

  std::filesystem::path directory_;
  std::string answer_;
  int listener_ = -1;
  std::thread thread_;
};

}  // namespace steward::test
