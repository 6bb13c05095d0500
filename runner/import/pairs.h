// Files that come in pairs, X.up.sql and X.down.sql, or alone, X.sql: what golang-migrate, sqlx and
// plain directories of SQL have in common.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "runner/import/history.h"

namespace steward::importer {

enum class Direction { up, down };

// What a file's name says. Files of the same version are a pair.
struct FileName {
  std::string version;
  std::string written;
  std::string name;
  Direction direction = Direction::up;
};

// Takes `.up.sql`, `.down.sql` or `.sql` off a file's name. nullopt: it ends in none of them.
struct Stem {
  std::string_view text;
  Direction direction;
  bool reversible;  // the name says the direction
};
std::optional<Stem> stem_of(std::string_view name);

// nullopt: the file is none of this tool's.
using ParseName = std::optional<FileName> (*)(std::string_view name);

// All pairs, by number, those without a number last. Throws Error(Exit::usage): duplicate_version
// for two files of one version and direction, no_upgrade for a way down that has no way up.
History read_pairs(Tool tool, const std::filesystem::path& directory, ParseName parse);

}  // namespace steward::importer
