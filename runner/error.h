// Error: what the runner throws when it stops. It carries everything a person needs to go on:
// a stable code for scripts, the message, the facts, what to type next, and the place in a file.
// The list of codes is docs/errors.md. Knows nothing of PostgreSQL, files or terminals.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace steward {

// The process's exit code. Stable: scripts depend on it (docs/exit-codes.md).
enum class Exit : int {
  done = 0,           // done, or nothing to do
  unexpected = 1,     // a fault of ours or of the machine
  usage = 2,          // bad arguments, configuration, or a malformed file
  differences = 3,    // not at the target; differences found
  integrity = 4,      // an applied revision was edited, renamed or lost; the ledger is broken
  graph = 5,          // several heads, a cycle, an unknown or duplicate revision
  locked = 6,         // another runner holds the lock
  unreachable = 7,    // cannot connect, or the server cannot serve us
  failed = 8,         // a step failed and was rolled back whole
  partial = 9,        // a step failed; what was done of it is recorded
  unknown = 10,       // the outcome of a commit could not be learned
  lock_timeout = 11,  // lock_timeout, retries exhausted
  refused = 12,       // refused by a rule, a privilege or the guard
  interrupted = 130,  // SIGINT
  terminated = 143,   // SIGTERM
};

// Where in a file it went wrong. Lines and columns count from 1; columns count characters. 0:
// unknown.
struct Place {
  std::string file;
  std::uint64_t line = 0;
  std::uint64_t column = 0;
  int statement = 0;      // its number within the section, from 1; 0: unknown
  std::string excerpt{};  // the offending line as it stands in the file, cut to a readable length
};

class Error : public std::runtime_error {
 public:
  // code: lower_case_words, stable. message: lower case, no full stop, names the object.
  // detail: facts. hint: the command to type. Neither may hold a password.
  Error(Exit exit, std::string code, const std::string& message, std::string detail = {},
        std::string hint = {});

  Error& at(Place place);  // returns *this, so that `throw Error(...).at(...)` works

  Exit exit() const noexcept { return exit_; }
  const std::string& code() const noexcept { return code_; }
  const std::string& detail() const noexcept { return detail_; }
  const std::string& hint() const noexcept { return hint_; }
  const std::optional<Place>& place() const noexcept { return place_; }

  // The server's SQLSTATE and context lines, where the server said so; empty otherwise.
  std::string sqlstate;
  std::string context;

 private:
  Exit exit_;
  std::string code_;
  std::string detail_;
  std::string hint_;
  std::optional<Place> place_;
};

}  // namespace steward
