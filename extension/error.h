// Error: what our C++ throws when it refuses what was asked. Becomes a PostgreSQL ERROR at the
// bridge. Knows nothing of PostgreSQL, so that every file may include it.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace steward {

// The SQLSTATEs that are ours (docs/protocol.md); elsewhere the server's own conditions are used.
inline constexpr char step_order[] = "ST003";     // a step is open, or none is
inline constexpr char step_broken[] = "ST004";    // the step's transaction is not what it was
inline constexpr char ledger_broken[] = "ST005";  // the ledger is missing or not as it should be

class Error : public std::runtime_error {
 public:
  // message: lower case, no full stop, names the object. detail: facts. hint: what to type.
  Error(const char (&sqlstate)[6], const std::string& message, std::string detail = {},
        std::string hint = {})
      : std::runtime_error(message),
        sqlstate_(sqlstate),
        detail_(std::move(detail)),
        hint_(std::move(hint)) {}

  // The statement that fails may hold a secret: the server's log shows neither it nor its context.
  void hide_statement() noexcept { hides_statement_ = true; }
  bool hides_statement() const noexcept { return hides_statement_; }

  const char* sqlstate() const noexcept { return sqlstate_; }
  const std::string& detail() const noexcept { return detail_; }
  const std::string& hint() const noexcept { return hint_; }

 private:
  const char* sqlstate_;  // a literal
  std::string detail_;
  std::string hint_;
  bool hides_statement_ = false;
};

}  // namespace steward
