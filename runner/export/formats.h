// The formats, one file each: runner/export/<tool>.cpp. Each gives the files as its tool reads
// them; what no tool has is told by migrations_of(). All throw Error(Exit::refused,
// "cannot_export").
#pragma once

#include "runner/export/migration.h"

namespace steward::exporter {

using Migrations = std::vector<Migration>;

// V.up.sql and V.down.sql: golang-migrate, sqlx, and plain directories.
void write_pairs(const Migrations& migrations, Tool tool, Exported& exported);
void write_dbmate(const Migrations& migrations, Exported& exported);
void write_goose(const Migrations& migrations, Exported& exported);
void write_diesel(const Migrations& migrations, Exported& exported);
void write_flyway(const Migrations& migrations, const variables::Values& values,
                  Exported& exported);
// down.sql beside migration.sql, where the tool's guide to going back has it.
void write_prisma(const Migrations& migrations, Exported& exported);
// versions/*.py that run the statements as they are; alembic.ini and env.py for them.
void write_alembic(const Migrations& migrations, Exported& exported);
// sqitch.plan, sqitch.conf, deploy/, revert/, verify/.
void write_sqitch(const Migrations& migrations, Exported& exported);

}  // namespace steward::exporter
