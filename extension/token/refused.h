// Refused: why a token is not accepted. The reason is a literal, so that nothing of the token can
// get into a message; it is for the server's log, never for the client. Like every room of this
// folder it knows nothing of PostgreSQL: tests and fuzzers link them without a server.
#pragma once

#include <exception>

namespace steward::token {

class Refused : public std::exception {
 public:
  explicit Refused(const char* reason) noexcept : reason_(reason) {}
  const char* what() const noexcept override { return reason_; }

 private:
  const char* reason_;  // a literal
};

}  // namespace steward::token
