// Running programs in tests: what they print, how they end, with or without a terminal.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace steward::test {

struct Outcome {
  int exit = -1;  // 128 + signal when one ended it
  std::string out;
  std::string err;
  std::string all() const { return out + err; }
};

struct RunOptions {
  std::string directory;  // empty: where the test runs
  std::map<std::string, std::string>
      environment{};  // over what is left of the test's own, see run()
  std::string input{};
  std::optional<unsigned> user{};           // run as this user, for servers when the test is root
  std::optional<unsigned short> columns{};  // on a terminal of this width: all output is in `out`
  bool typed = false;       // with columns: input is what the person at that terminal types
  int signal_after_ms = 0;  // when not 0: send `signal` after this time
  int signal = 0;
  int again_after_ms = 0;      // when not 0: and once more, so long after that
  bool closed_stdout = false;  // nobody reads stdout
};

// Runs a program to its end. Variables that would lead steward or libpq somewhere (PG*,
// *DATABASE_URL*, NO_COLOR, ...) are taken out of its environment first.
Outcome run(const std::vector<std::string>& words, const RunOptions& options = {});

// Runs the steward program of this build.
Outcome steward(std::vector<std::string> words, RunOptions options = {});
std::string steward_path();

}  // namespace steward::test
