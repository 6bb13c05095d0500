// The environment and the project's .env file as one: what is set in the process's environment
// always wins, what is not is taken from .env. Says of each value where it came from.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace steward {

class Environment {
 public:
  struct Value {
    std::string text;
    std::string source;  // "environment", or the .env file's path and line
  };

  // The process's own environment.
  Environment() = default;
  // Given variables instead, for tests.
  explicit Environment(std::map<std::string, std::string> variables);

  // nullopt when it is neither set nor in .env, or empty: an empty variable says nothing.
  std::optional<Value> get(const std::string& name) const;

  // Adds what the file says and is not set yet; no file: nothing. libpq reads its own variables
  // (PG*), so that these are also put into the process's environment. Throws Error(Exit::usage,
  // "bad_env_file").
  void read_file(const std::filesystem::path& path);

  // text with ${NAME} and ${NAME:-otherwise} replaced; $$ is a dollar sign. Throws
  // Error(Exit::usage, "unset_variable") for a variable that is not set and has no other value.
  std::string expand(std::string_view text) const;

 private:
  bool is_set(const std::string& name) const;

  std::optional<std::map<std::string, std::string>> given_;
  std::map<std::string, Value> from_file_;
};

// The lines of a .env file as names and values: NAME=value, with an `export` before it or not,
// comments, 'single' quotes (as it stands) and "double" ones (with \n, \", \\ and \$). Throws as
// read_file().
struct Assignment {
  std::string name;
  std::string value;
  std::size_t line;
};
std::vector<Assignment> parse_env(std::string_view text, const std::string& file);

}  // namespace steward
