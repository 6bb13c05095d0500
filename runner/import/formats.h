// The formats, one file each: runner/import/<tool>.cpp. Each reads a directory as its tool does, in
// its tool's order; what is the same for all (transactions, ids) is added by read() of import.h.
// All throw Error(Exit::usage) that names file and line.
#pragma once

#include <filesystem>

#include "runner/import/history.h"

namespace steward::importer {

// 1_name.up.sql, 1_name.down.sql; numbers.
History read_golang_migrate(const std::filesystem::path& directory, const Values& values);
// 20240101000000_name.sql with `-- migrate:up` and `-- migrate:down`, [transaction:false]; by name.
History read_dbmate(const std::filesystem::path& directory);
// 00001_name.sql with `-- +goose Up`, Down, StatementBegin, StatementEnd, NO TRANSACTION; numbers.
History read_goose(const std::filesystem::path& directory);
// 1_name.sql, or 1_name.up.sql and 1_name.down.sql; `-- no-transaction` first; numbers.
History read_sqlx(const std::filesystem::path& directory);
// 2024-01-01-000000_name/{up,down}.sql, metadata.toml; by name, dashes dropped.
History read_diesel(const std::filesystem::path& directory);
// V1_1__name.sql, U1_1__name.sql, R__name.sql, each with an optional .conf, also in
// sub-directories.
History read_flyway(const std::filesystem::path& directory, const Values& values);
// 20240101000000_name/migration.sql; by name.
History read_prisma(const std::filesystem::path& directory);
// sqitch.plan, in its order; deploy/, revert/ and verify/ beside it, or where sqitch.conf says.
History read_sqitch(const std::filesystem::path& directory);
// versions/*.py by way of the tool itself, which must be installed: `alembic upgrade --sql` and
// `downgrade --sql` say what they run. directory: that of alembic.ini, or below it. Throws also
// Error(Exit::failed, "alembic_failed"), with the revision and what the tool said.
History read_alembic(const std::filesystem::path& directory);
// X.sql, or X.up.sql and X.down.sql; numbers first, then names. The number may follow a `V`.
History read_sql(const std::filesystem::path& directory, const Values& values);

}  // namespace steward::importer
