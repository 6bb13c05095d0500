#include "runner/export/formats.h"

namespace steward::exporter {
namespace {

// sqlx reads the file's first line.
std::string with_first_line(const Script& script, Tool tool) {
  static constexpr std::string_view line = "-- no-transaction";
  const std::string text = never_empty(script);
  if (tool != Tool::sqlx || text.starts_with(line) == !script.transaction) return text;
  return (script.transaction ? "\n" : std::string(line) + "\n") + text;
}

}  // namespace

void write_pairs(const Migrations& migrations, Tool tool, Exported& exported) {
  for (const Migration& migration : migrations) {
    const std::string stem = migration.version + "_" + migration.name;
    exported.files.push_back({stem + ".up.sql", with_first_line(migration.upgrade, tool)});
    if (migration.downgrade)
      exported.files.push_back({stem + ".down.sql", with_first_line(*migration.downgrade, tool)});
  }
}

}  // namespace steward::exporter
