// A history in another tool's format, as read from its files: revisions in the order in which that
// tool applies them, with what it would record of each. Data only; who makes it is import.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runner/error.h"

namespace steward::importer {

// The tools whose files can be read. `sql` is none: any directory of scripts in version order.
enum class Tool {
  golang_migrate,
  dbmate,
  goose,
  sqlx,
  diesel,
  flyway,
  prisma,
  alembic,
  sqitch,
  sql
};

// What is put in place of the names in a script: ${name} (flyway), {{ index .Options "name" }}
// (golang-migrate, sql). Given with -x name=value.
using Values = std::map<std::string, std::string>;

struct Script {
  std::filesystem::path file;
  std::uint64_t line = 1;   // of the file, on which text begins
  std::string text;         // without BOM, line ends as \n
  bool transaction = true;  // false: the tool runs it outside a transaction, or it has to be
};

struct Revision {
  std::string version;  // as the tool records it: golang-migrate's "0001" is recorded as 1
  std::string written;  // as the file's name has it; empty where there is none (flyway's R__)
  std::string name;     // what the file's name says besides; underscores as spaces
  std::string id;       // the revision's id here: the same for each import of the same files
  Script upgrade;
  std::optional<Script> downgrade;  // absent: the tool has none. Without a statement: does nothing
  std::string checksum;             // as the tool records it; empty: it records none
  bool repeatable = false;          // flyway's R__: run again whenever it changes
  std::optional<Script> verify;     // sqitch's, as queries that are true
  // Versions, where the tool has a graph (alembic); nullopt: it stands on the one before it.
  std::optional<std::vector<std::string>> parents;
  std::vector<std::string> depends_on;  // versions, besides its parents
  std::vector<std::string> labels;      // names for it
  std::string created;                  // ISO 8601; empty: the tool does not say
};

// Something that a person should know of, though it stops nothing.
struct Notice {
  Place place;
  std::string text;
};

struct History {
  Tool tool = Tool::sql;
  std::string project;  // sqitch's, whose registry may hold several
  std::vector<Revision> revisions;
  std::vector<Notice> notices;
};

}  // namespace steward::importer
