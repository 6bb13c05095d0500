#include "runner/export/formats.h"

namespace steward::exporter {

void write_prisma(const Migrations& migrations, Exported& exported) {
  exported.files.push_back({"migration_lock.toml", "provider = \"postgresql\"\n"});
  bool down = false;
  for (const Migration& migration : migrations) {
    const std::filesystem::path folder = migration.version + "_" + migration.name;
    exported.files.push_back({folder / "migration.sql", never_empty(migration.upgrade)});
    if (!migration.downgrade) continue;
    down = true;
    exported.files.push_back({folder / "down.sql", never_empty(*migration.downgrade)});
  }
  if (down)
    exported.notices.push_back(
        {{}, "prisma runs no downgrade by itself: prisma db execute --file .../down.sql"});
}

}  // namespace steward::exporter
