#include "runner/export/formats.h"

namespace steward::exporter {

void write_diesel(const Migrations& migrations, Exported& exported) {
  for (const Migration& migration : migrations) {
    const std::filesystem::path folder = migration.version + "_" + migration.name;
    exported.files.push_back({folder / "up.sql", never_empty(migration.upgrade)});
    if (migration.downgrade)
      exported.files.push_back({folder / "down.sql", never_empty(*migration.downgrade)});
    const bool down_inside = !migration.downgrade || migration.downgrade->transaction;
    if (migration.upgrade.transaction && down_inside) continue;
    exported.files.push_back({folder / "metadata.toml", "run_in_transaction = false\n"});
    if (migration.downgrade && migration.upgrade.transaction != down_inside)
      exported.notices.push_back(
          {Place{migration.file->path.string()},
           "both ways run outside a transaction there: diesel says it of the whole migration"});
  }
}

}  // namespace steward::exporter
