#include <algorithm>
#include <utility>

#include "runner/import/checksum.h"
#include "runner/import/files.h"
#include "runner/import/formats.h"
#include "runner/import/version.h"

namespace steward::importer {
namespace {

namespace fs = std::filesystem;

Revision read_one(const fs::path& directory) {
  const fs::path file = directory / "migration.sql";
  const std::string bytes = read_bytes(file);
  Revision revision;
  revision.version = revision.written = directory.filename().string();
  const std::string_view number = leading_digits(revision.version);
  revision.name = words_of(std::string_view(revision.version).substr(number.size()));
  revision.upgrade = script_of(file, bytes);
  revision.checksum = sha256(bytes);
  // The tool never runs it, but its guide to going back keeps it there.
  if (const fs::path down = directory / "down.sql"; fs::exists(down))
    revision.downgrade = read_script(down);
  return revision;
}

}  // namespace

History read_prisma(const fs::path& directory) {
  History history;
  history.tool = Tool::prisma;
  for (const fs::path& entry : directories_of(directory))
    if (fs::exists(entry / "migration.sql"))
      history.revisions.push_back(read_one(entry));
    else
      history.notices.push_back({Place{entry.string()}, "left out: it has no migration.sql"});
  return history;
}

}  // namespace steward::importer
