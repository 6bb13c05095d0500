#include <algorithm>
#include <utility>

#include "runner/import/files.h"
#include "runner/import/formats.h"
#include "runner/import/version.h"
#include "runner/toml.h"

namespace steward::importer {
namespace {

namespace fs = std::filesystem;

// metadata.toml: run_in_transaction = false
bool runs_in_transaction(const fs::path& directory) {
  const fs::path file = directory / "metadata.toml";
  if (!fs::exists(file)) return true;
  try {
    return toml::parse(read_bytes(file))["run_in_transaction"].value_or(true);
  } catch (const toml::parse_error& error) {
    throw bad_line("bad_metadata", file, error.source().begin.line,
                   "not TOML: " + std::string(error.description()));
  }
}

Revision read_one(const fs::path& directory) {
  const std::string name = directory.filename().string();
  const std::size_t end = std::min(name.find('_'), name.size());
  Revision revision;
  revision.version = name.substr(0, end);
  std::erase(revision.version, '-');
  revision.written = revision.version;
  revision.name = words_of(name.substr(end));
  const bool transaction = runs_in_transaction(directory);
  revision.upgrade = read_script(directory / "up.sql");
  revision.upgrade.transaction = transaction;
  if (fs::exists(directory / "down.sql")) {
    revision.downgrade = read_script(directory / "down.sql");
    revision.downgrade->transaction = transaction;
  }
  return revision;
}

}  // namespace

History read_diesel(const fs::path& directory) {
  History history;
  history.tool = Tool::diesel;
  for (const fs::path& entry : directories_of(directory))
    if (fs::exists(entry / "up.sql"))
      history.revisions.push_back(read_one(entry));
    else
      history.notices.push_back({Place{entry.string()}, "left out: it has no up.sql"});
  std::stable_sort(history.revisions.begin(), history.revisions.end(),
                   [](const Revision& a, const Revision& b) { return a.version < b.version; });
  return history;
}

}  // namespace steward::importer
