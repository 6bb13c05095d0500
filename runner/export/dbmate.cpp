#include "runner/export/formats.h"

namespace steward::exporter {
namespace {

std::string section(const char* marker, const Script& script) {
  return std::string("-- ") + marker + (script.transaction ? "\n" : " transaction:false\n") +
         script.text;
}

// The tool looks for its lines everywhere, within literals too.
void refuse_markers(const Migration& migration) {
  const std::string all =
      migration.upgrade.text + (migration.downgrade ? migration.downgrade->text : "");
  if (has_marker(all, {"migrate:up", "migrate:down"}))
    throw cannot_export(Tool::dbmate, *migration.file,
                        "a line of it would be read as `-- migrate:up` or `-- migrate:down`",
                        "write that line another way, in a new revision's place");
}

}  // namespace

void write_dbmate(const Migrations& migrations, Exported& exported) {
  for (const Migration& migration : migrations) {
    refuse_markers(migration);
    std::string text = section("migrate:up", migration.upgrade);
    if (migration.downgrade) text += "\n" + section("migrate:down", *migration.downgrade);
    exported.files.push_back({migration.version + "_" + migration.name + ".sql", std::move(text)});
  }
}

}  // namespace steward::exporter
