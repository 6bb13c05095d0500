// Histories of other tools, as those tools would run them: the scripts in order, and the table in
// which the tool says what it has applied. Written from the tools' documentation and apart from the
// importer, so that the one can say whether the other is right.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace steward::test {

struct Script {
  std::string version;  // as the tool records it; flyway's repeatable ones: empty
  std::string name;     // the name in the file's name
  std::string raw;      // the file of its way up, byte for byte
  std::string up;       // what psql runs
  std::optional<std::string> down;
};

struct Foreign {
  std::string tool;  // as `steward import --from` has it
  std::filesystem::path directory;
  std::map<std::string, std::string> values{};  // of its placeholders
  std::string prelude{};                        // SQL: what the application expects to be there

  std::vector<Script> scripts() const;  // in the tool's order
  std::string table() const;            // where the tool keeps its history; empty: nowhere
  // SQL that leaves that table as the tool has it after the first `count` scripts.
  std::string recorded(const std::vector<Script>& all, std::size_t count) const;
};

}  // namespace steward::test
