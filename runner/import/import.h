// Import: the histories of other tools. read() makes of a tool's directory a list of revisions, in
// the tool's own order; write.h makes files of them, and recorded.h says which of them the tool has
// applied to a database. Knows no database. docs/import.md describes it for users.
//
// The namespace is not called as the folder is: `import` is a word of the language.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "runner/import/history.h"

namespace steward::importer {

// As on the command line: golang-migrate, dbmate, goose, sqlx, diesel, flyway, prisma,
// alembic, sqitch, sql.
std::string_view name_of(Tool tool);
// Throws Error(Exit::usage, "unknown_tool"), which lists them.
Tool tool_of(std::string_view name);

// NAME=VALUE texts. Throws Error(Exit::usage, "bad_value") for one without a `=` or a name, or with
// a name given twice.
Values values_of(const std::vector<std::string>& texts);

// The directory as that tool reads it. Throws Error(Exit::usage), with file and line where there
// are any: no_directory, nothing_to_import, cannot_read_file, nul_byte, invalid_utf8,
// duplicate_version, no_upgrade, bad_plan, bad_marker, bad_setting, bad_metadata, not_sql,
// unknown_placeholder, open_transaction, and what the splitter throws. Nothing is left out without
// a notice.
History read(Tool tool, const std::filesystem::path& directory, const Values& values = {});

}  // namespace steward::importer
