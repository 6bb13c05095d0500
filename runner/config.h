// The configuration: steward.toml, the environment and the command line, joined. Says of the
// database not only which, but where that was said. docs/configuration.md describes it for users.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runner/environment.h"
#include "runner/json.h"

namespace steward::config {

inline constexpr std::chrono::milliseconds default_lock_wait{30000};
inline constexpr const char* default_lock_timeout = "5s";

// What the command line says. Empty: it says nothing.
struct Request {
  std::string file;         // -c
  std::string environment;  // -n: a table [env.NAME] of the file
  std::string url;          // -u
  std::filesystem::path working_directory;
};

// Which database, as it was written (it may hold a password), and where that stands, for doctor.
struct Database {
  std::string text;    // empty: libpq's own variables (PGHOST, PGSERVICE, ...)
  std::string source;  // "--url", "DATABASE_URL in the environment", "steward.toml:4", ...
};

// Programs to be run around a verb, as their words; empty: none.
struct Hooks {
  std::vector<std::string> before_upgrade;
  std::vector<std::string> after_upgrade;
  std::vector<std::string> before_downgrade;
  std::vector<std::string> after_downgrade;
};

// [hygiene] and [rules]. What the server's rules are told is passed on as it stands, and judged
// there: it knows its rules.
struct Hygiene {
  std::string fail_on = "error";
  std::vector<std::string> schemas;  // empty: all
  std::string baseline;              // relative to the root; empty: none
  Json policy = Json::object();
  Json rules = Json::object();
};

// [safety]: where the rules draw their lines (docs/safety.md), and what an upgrade does about them.
struct Safety {
  // What stops an upgrade: `large`, an error-level finding about a large table; `error`, any;
  // `warn`: nothing, they are told; `off`: nobody looks.
  std::string on_upgrade = "large";
  // As they are written there; empty: the default.
  std::string large_table;  // 1GB
  std::string short_wait;   // 1s
  std::string read_rate;    // 200MB: of a scan, each second
  std::string write_rate;   // 40MB: of a rewrite, each second
};

// [desired]: where the schema that the project should have is said. One of them, or neither: then
// the usual places are looked at.
struct Desired {
  std::string source;                        // a path relative to the root, or a URL
  std::vector<std::string> program;          // prints the schema as SQL
  std::chrono::milliseconds timeout{60000};  // for the program
};

// [autogenerate]: on which rows a generated change is tried.
struct Autogenerate {
  std::string rows = "generated";  // or copy: the database's own, or none
  std::string rows_limit = "1GB";  // of a copy
};

struct Config {
  std::filesystem::path file;        // empty: there is none
  std::filesystem::path root;        // the project: where the file is, else the working directory
  std::filesystem::path directory;   // of the revisions, as it is to be shown
  std::string environment;           // the name given with -n
  std::optional<Database> database;  // nullopt: nobody said any, the project's dev server may serve
  std::string lock_timeout = default_lock_timeout;
  std::string statement_timeout = "0";
  std::string role;
  std::string search_path;
  Hooks hooks;
  Safety safety;
  Desired desired;
  Autogenerate autogenerate;
  std::string shadow_setup;  // [shadow] setup: a file relative to the root; empty: none
  // [rules]: a rule's level, where one is given.
  std::vector<std::pair<std::string, std::string>> rule_levels;
  std::chrono::milliseconds lock_wait = default_lock_wait;  // for another runner's end
  Hygiene hygiene;
};

// Finds and reads the file (the one named, or steward.toml of the working directory or the nearest
// one above it) and the .env beside it. The database is the first that is set of: --url, the url of
// [env.NAME] when -n chose it, STEWARD_DATABASE_URL, DIRECT_URL, DATABASE_URL_UNPOOLED,
// DATABASE_URL, [database] url, libpq's own variables. Throws Error(Exit::usage), with file and
// line where there are any: no_config (named and not there), bad_config (not TOML, an unknown key,
// a value of another kind), unknown_environment (lists those there are), unset_variable,
// bad_env_file.
Config load(const Request& request, Environment& environment);

// What the file alone says, as text already in memory: no environment, no .env, no database chosen.
// Throws bad_config and unknown_environment, as load() does.
Config parse(std::string_view text, const std::filesystem::path& file,
             const std::string& environment);

// A path as it is to be shown: relative to the working directory where that is shorter.
std::filesystem::path shown(const std::filesystem::path& path,
                            const std::filesystem::path& working_directory);

// 512MB, 1GB, 8kB, 100 (bytes), as PostgreSQL takes it. nullopt: it is none of these.
std::optional<std::int64_t> parse_bytes(std::string_view text);

// 500ms, 5s, 2min, 1h, 30 (milliseconds, as PostgreSQL takes it). nullopt: it is none of these.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace steward::config
