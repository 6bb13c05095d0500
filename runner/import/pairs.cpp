#include "runner/import/pairs.h"

#include <map>
#include <utility>

#include "runner/import/files.h"
#include "runner/import/version.h"
#include "runner/text.h"

namespace steward::importer {
namespace {

namespace fs = std::filesystem;

struct Pair {
  FileName name;
  std::optional<Script> up;
  std::optional<Script> down;
};

struct VersionOrder {
  bool operator()(const std::string& a, const std::string& b) const {
    const bool a_number = !leading_digits(a).empty();
    const bool b_number = !leading_digits(b).empty();
    if (a_number != b_number) return a_number;
    return a_number ? version_less(a, b) : a < b;
  }
};
using Pairs = std::map<std::string, Pair, VersionOrder>;

void add(Pairs& pairs, FileName name, const fs::path& file) {
  Pair& pair = pairs[name.version];
  std::optional<Script>& place = name.direction == Direction::up ? pair.up : pair.down;
  if (place)
    throw bad_line("duplicate_version", file, 0,
                   "two files are of version " + name.version + ": " +
                       place->file.filename().string() + " and " + file.filename().string());
  place = read_script(file);
  if (name.direction == Direction::up || !pair.up) pair.name = std::move(name);
}

Revision revision_of(Pair&& pair) {
  if (!pair.up)
    throw bad_line("no_upgrade", pair.down->file, 0,
                   pair.down->file.filename().string() + " has no way up beside it");
  Revision revision;
  revision.version = std::move(pair.name.version);
  revision.written = std::move(pair.name.written);
  revision.name = std::move(pair.name.name);
  revision.upgrade = std::move(*pair.up);
  revision.downgrade = std::move(pair.down);
  return revision;
}

}  // namespace

std::optional<Stem> stem_of(std::string_view name) {
  static constexpr std::pair<std::string_view, Direction> endings[] = {
      {".up.sql", Direction::up}, {".down.sql", Direction::down}, {".sql", Direction::up}};
  for (const auto& [ending, direction] : endings)
    if (name.ends_with(ending))
      return Stem{name.substr(0, name.size() - ending.size()), direction, ending != ".sql"};
  return std::nullopt;
}

History read_pairs(Tool tool, const fs::path& directory, ParseName parse) {
  History history;
  history.tool = tool;
  Pairs pairs;
  for (const fs::path& file : files_of(directory)) {
    const std::string name = file.filename().string();
    if (std::optional<FileName> parsed = parse(name))
      add(pairs, std::move(*parsed), file);
    else if (name.ends_with(".sql"))
      history.notices.push_back({Place{file.string()}, "left out: no name that the tool knows"});
  }
  for (auto& [version, pair] : pairs) history.revisions.push_back(revision_of(std::move(pair)));
  return history;
}

}  // namespace steward::importer
