#include "runner/cli/exchange.h"

#include "runner/command/export.h"
#include "runner/command/import.h"

namespace steward::cli {

void add_import(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::ImportOptions>();
  app.add_option("--from", options->tool,
                 "golang-migrate, dbmate, goose, sqlx, diesel, flyway, prisma, alembic, sqitch, or "
                 "sql")
      ->required();
  app.add_option("PATH", options->path, "the other tool's directory")->required();
  one_each(app.add_option("-x", options->variables, "NAME=VALUE for a placeholder in the scripts"));
  app.add_option("--table", options->table,
                 "the other tool's history table, if it has another name");
  app.add_flag("--files-only", options->files_only, "leave the database alone");
  call.run = [options](Session& session) { return command::import(session, *options); };
}

void add_export(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::ExportOptions>();
  app.add_option("--to", options->tool,
                 "golang-migrate, dbmate, goose, sqlx, diesel, flyway, prisma, alembic, sqitch, or "
                 "sql")
      ->required();
  app.add_option("PATH", options->path, "the directory to write to")->required();
  one_each(app.add_option("-x", options->variables, "NAME=VALUE for a file's ${NAME}"));
  call.run = [options](Session& session) { return command::export_to(session, *options); };
}

}  // namespace steward::cli
