#include "test/cluster/support/foreign.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>

namespace steward::test {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string filled(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    text = replaced(std::move(text), "${" + name + "}", value);
    text = replaced(std::move(text), "{{ index .Options \"" + name + "\" }}", value);
    text = replaced(std::move(text), "{{index .Options \"" + name + "\" }}", value);
  }
  return text;
}

std::vector<fs::path> entries(const fs::path& directory) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(directory)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// V0012 and 0012: 12. Every name here fits.
std::uint64_t number_of(std::string_view name) {
  const std::size_t begin = name.find_first_of("0123456789");
  std::uint64_t number = 0;
  for (std::size_t i = begin; i < name.size() && is_digit(name[i]); ++i)
    number = number * 10 + static_cast<std::uint64_t>(name[i] - '0');
  return number;
}

// X.up.sql and X.down.sql, or X.sql alone, by number.
std::vector<Script> pairs(const fs::path& directory) {
  std::vector<Script> scripts;
  for (const fs::path& file : entries(directory)) {
    const std::string name = file.filename().string();
    if (!name.ends_with(".sql") || name.ends_with(".down.sql")) continue;
    const std::string stem = name.substr(0, name.size() - (name.ends_with(".up.sql") ? 7 : 4));
    const fs::path down = directory / (stem + ".down.sql");
    Script script{std::to_string(number_of(stem)), stem, bytes_of(file), bytes_of(file), {}};
    if (fs::exists(down)) script.down = bytes_of(down);
    scripts.push_back(std::move(script));
  }
  std::stable_sort(scripts.begin(), scripts.end(), [](const Script& a, const Script& b) {
    return std::stoull(a.version) < std::stoull(b.version);
  });
  return scripts;
}

// One file with both ways. The last line that begins with the marker counts: those before it stand
// in bodies and data.
std::vector<Script> marked(const fs::path& directory, const std::string& marker, bool as_number) {
  std::vector<Script> scripts;
  for (const fs::path& file : entries(directory)) {
    const std::string name = file.filename().string(), raw = bytes_of(file);
    if (!name.ends_with(".sql")) continue;
    const std::string digits = name.substr(0, name.find('_'));
    const std::size_t at = raw.rfind("\n" + marker);
    Script script{
        as_number ? std::to_string(number_of(digits)) : digits, name, raw, raw.substr(0, at), {}};
    if (at != raw.npos) script.down = raw.substr(at);
    scripts.push_back(std::move(script));
  }
  return scripts;
}

// A directory for each.
std::vector<Script> directories(const fs::path& directory, const std::string& up) {
  std::vector<Script> scripts;
  for (const fs::path& entry : entries(directory)) {
    if (!fs::is_directory(entry)) continue;
    const std::string name = entry.filename().string(), text = bytes_of(entry / up);
    Script script{replaced(name.substr(0, name.find('_')), "-", ""), name, text, text, {}};
    if (fs::exists(entry / "down.sql")) script.down = bytes_of(entry / "down.sql");
    scripts.push_back(std::move(script));
  }
  return scripts;
}

std::vector<std::uint64_t> parts(const std::string& version) {
  std::vector<std::uint64_t> numbers;
  std::istringstream stream(version);
  for (std::string part; std::getline(stream, part, '.');) numbers.push_back(number_of(part));
  return numbers;
}

std::vector<Script> flyway(const fs::path& directory) {
  std::vector<Script> versioned, repeatable;
  for (const fs::path& file : entries(directory)) {
    const std::string name = file.filename().string();
    if (!name.ends_with(".sql") || name.front() == 'U') continue;
    const std::size_t middle = name.find("__");
    const std::string words = replaced(name.substr(middle + 2, name.size() - middle - 6), "_", " ");
    Script script{
        replaced(name.substr(1, middle - 1), "_", "."), words, bytes_of(file), bytes_of(file), {}};
    const fs::path undo = directory / ("U" + name.substr(1));
    if (fs::exists(undo)) script.down = bytes_of(undo);
    (name.front() == 'V' ? versioned : repeatable).push_back(std::move(script));
  }
  std::sort(versioned.begin(), versioned.end(),
            [](const Script& a, const Script& b) { return parts(a.version) < parts(b.version); });
  versioned.insert(versioned.end(), repeatable.begin(), repeatable.end());
  return versioned;
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const unsigned char c : bytes) {
    text += "0123456789abcdef"[c >> 4];
    text += "0123456789abcdef"[c & 15];
  }
  return text;
}

std::string quoted(const std::string& text) {
  return "'" + replaced(text, "'", "''") + "'";
}

// The sum flyway records: CRC-32 of the lines without their ends, as a signed number.
std::string crc32_of_lines(const std::string& text) {
  std::uint32_t sum = ~0U;
  for (const unsigned char c : text) {
    if (c == '\n' || c == '\r') continue;
    sum ^= c;
    for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ (sum & 1 ? 0xEDB88320U : 0U);
  }
  return std::to_string(static_cast<std::int32_t>(~sum));
}

// How a tool makes its table, and the row it writes for a script.
struct Keeping {
  std::string table;
  std::string create;
  std::string (*row)(const Script& script, std::size_t rank, const Foreign& history);
};

const std::map<std::string, Keeping>& keepings() {
  static const std::map<std::string, Keeping> all{
      {"golang-migrate",
       {"schema_migrations", "version bigint not null primary key, dirty boolean not null",
        [](const Script& s, std::size_t, const Foreign&) { return s.version + ", false"; }}},
      {"dbmate",
       {"schema_migrations", "version varchar(128) primary key",
        [](const Script& s, std::size_t, const Foreign&) { return quoted(s.version); }}},
      {"goose",
       {"goose_db_version",
        "id integer primary key generated by default as identity, version_id bigint not null, "
        "is_applied boolean not null, tstamp timestamp not null default now()",
        [](const Script& s, std::size_t rank, const Foreign&) {
          return std::to_string(rank + 1) + ", " + s.version + ", true";
        }}},
      {"sqlx",
       {"_sqlx_migrations",
        "version bigint primary key, description text not null, installed_on timestamptz not null "
        "default now(), success boolean not null, checksum bytea not null, execution_time bigint "
        "not null",
        [](const Script& s, std::size_t, const Foreign&) {
          return s.version + ", " + quoted(s.name) + ", now(), true, sha384('\\x" + hex(s.raw) +
                 "'), 1";
        }}},
      {"diesel",
       {"__diesel_schema_migrations",
        "version varchar(50) primary key not null, run_on timestamp not null default "
        "current_timestamp",
        [](const Script& s, std::size_t, const Foreign&) { return quoted(s.version); }}},
      {"flyway",
       {"flyway_schema_history",
        "installed_rank int not null primary key, version varchar(50), description varchar(200) "
        "not null, type varchar(20) not null, script varchar(1000) not null, checksum integer, "
        "installed_by varchar(100) not null, installed_on timestamp not null default now(), "
        "execution_time integer not null, success boolean not null",
        [](const Script& s, std::size_t rank, const Foreign& history) {
          const bool repeatable = s.version.empty();
          return std::to_string(rank) + ", " + (repeatable ? "NULL" : quoted(s.version)) + ", " +
                 quoted(s.name) + ", 'SQL', 'a.sql', " +
                 crc32_of_lines(repeatable ? filled(s.raw, history.values) : s.raw) +
                 ", 'me', now(), 1, true";
        }}},
      {"prisma",
       {"_prisma_migrations",
        "id varchar(36) primary key not null, checksum varchar(64) not null, finished_at "
        "timestamptz, migration_name varchar(255) not null, logs text, rolled_back_at timestamptz, "
        "started_at timestamptz not null default now(), applied_steps_count integer not null "
        "default 0",
        [](const Script& s, std::size_t rank, const Foreign&) {
          return quoted(std::to_string(rank)) + ", encode(sha256('\\x" + hex(s.raw) +
                 "'), 'hex'), now(), " + quoted(s.name) + ", NULL, NULL, now(), 1";
        }}},
  };
  return all;
}

}  // namespace

std::vector<Script> Foreign::scripts() const {
  std::vector<Script> all = tool == "dbmate"   ? marked(directory, "-- migrate:down", false)
                            : tool == "goose"  ? marked(directory, "-- +goose Down", true)
                            : tool == "diesel" ? directories(directory, "up.sql")
                            : tool == "prisma" ? directories(directory, "migration.sql")
                            : tool == "flyway" ? flyway(directory)
                                               : pairs(directory);
  for (Script& script : all) {
    script.up = filled(std::move(script.up), values);
    if (script.down) script.down = filled(std::move(*script.down), values);
  }
  return all;
}

std::string Foreign::table() const {
  const auto found = keepings().find(tool);
  return found == keepings().end() ? "" : found->second.table;
}

std::string Foreign::recorded(const std::vector<Script>& all, std::size_t count) const {
  const Keeping& keeping = keepings().at(tool);
  std::string sql = "CREATE TABLE " + keeping.table + " (" + keeping.create + ");\n";
  if (tool == "goose") sql += "INSERT INTO goose_db_version VALUES (1, 0, true);\n";
  // golang-migrate keeps its version alone.
  for (std::size_t i = tool == "golang-migrate" ? count - 1 : 0; i < count; ++i)
    sql +=
        "INSERT INTO " + keeping.table + " VALUES (" + keeping.row(all[i], i + 1, *this) + ");\n";
  return sql;
}

}  // namespace steward::test
