#include <algorithm>

#include "runner/export/formats.h"

namespace steward::exporter {
namespace {

// The tool cuts at each `;` that ends a line, and knows no quotes. A statement that holds one is
// put between two lines that say where it ends.
bool needs_bounds(const std::string& statement) {
  return statement.substr(0, statement.size() - 1).find(';') != std::string::npos;
}

std::string bounded(const Script& script) {
  if (std::none_of(script.statements.begin(), script.statements.end(), needs_bounds))
    return script.text;
  std::string text;
  for (const std::string& statement : script.statements)
    text += needs_bounds(statement)
                ? "-- +goose StatementBegin\n" + statement + "\n-- +goose StatementEnd\n"
                : statement + "\n";
  return text;
}

void refuse_markers(const Migration& migration) {
  const std::string all =
      migration.upgrade.text + (migration.downgrade ? migration.downgrade->text : "");
  if (has_marker(all, {"+goose"}))
    throw cannot_export(Tool::goose, *migration.file,
                        "a line of it would be read as one of goose's own (`-- +goose`)",
                        "write that line another way, in a new revision's place");
}

bool all_inside(const Migration& migration) {
  return migration.upgrade.transaction &&
         (!migration.downgrade || migration.downgrade->transaction);
}

}  // namespace

void write_goose(const Migrations& migrations, Exported& exported) {
  for (const Migration& migration : migrations) {
    refuse_markers(migration);
    const bool inside = all_inside(migration);
    if (!inside && migration.downgrade &&
        migration.upgrade.transaction != migration.downgrade->transaction)
      exported.notices.push_back(
          {Place{migration.file->path.string()},
           "both ways run outside a transaction there: goose says it of the whole file"});
    std::string text = inside ? "" : "-- +goose NO TRANSACTION\n";
    text += "-- +goose Up\n" + bounded(migration.upgrade);
    if (migration.downgrade) text += "\n-- +goose Down\n" + bounded(*migration.downgrade);
    exported.files.push_back({migration.version + "_" + migration.name + ".sql", std::move(text)});
  }
}

}  // namespace steward::exporter
