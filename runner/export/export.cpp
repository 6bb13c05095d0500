#include "runner/export/export.h"

#include "runner/export/formats.h"

namespace steward::exporter {
namespace {

Abilities abilities_of(Tool tool) {
  Abilities abilities;
  abilities.graph = tool == Tool::alembic || tool == Tool::sqitch;
  abilities.numbers = tool == Tool::golang_migrate || tool == Tool::goose || tool == Tool::sqlx;
  abilities.dotted = tool == Tool::flyway || tool == Tool::sql;
  abilities.copy = tool == Tool::flyway || tool == Tool::sqitch || tool == Tool::sql;
  abilities.one_message = tool == Tool::golang_migrate || tool == Tool::dbmate ||
                          tool == Tool::sqlx || tool == Tool::diesel || tool == Tool::prisma;
  abilities.fills_names = tool == Tool::flyway;
  return abilities;
}

void write(Tool tool, const Migrations& migrations, const variables::Values& values,
           Exported& exported) {
  switch (tool) {
    case Tool::dbmate:
      return write_dbmate(migrations, exported);
    case Tool::goose:
      return write_goose(migrations, exported);
    case Tool::diesel:
      return write_diesel(migrations, exported);
    case Tool::flyway:
      return write_flyway(migrations, values, exported);
    case Tool::prisma:
      return write_prisma(migrations, exported);
    case Tool::alembic:
      return write_alembic(migrations, exported);
    case Tool::sqitch:
      return write_sqitch(migrations, exported);
    case Tool::golang_migrate:
    case Tool::sqlx:
    case Tool::sql:
      break;
  }
  write_pairs(migrations, tool, exported);
}

}  // namespace

Exported exported(Tool tool, const plan::Project& project, const variables::Values& values) {
  Exported result;
  const Migrations migrations =
      migrations_of(project, tool, abilities_of(tool), values, result.notices);
  write(tool, migrations, values, result);
  return result;
}

}  // namespace steward::exporter
