#include "runner/import/recorded.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "runner/import/import.h"
#include "runner/import/version.h"
#include "runner/text.h"

namespace steward::importer {
namespace {

using Words = std::vector<std::string>;

// How one tool keeps its history. The query's columns are those that its reader below expects.
struct Keeping {
  std::string_view table;
  std::string_view columns;
  std::string_view order;
};

Keeping keeping_of(Tool tool) {
  switch (tool) {
    case Tool::golang_migrate:
      return {"schema_migrations", "version::text, dirty", "version"};
    case Tool::dbmate:
      return {"schema_migrations", "version::text", "version"};
    case Tool::goose:
      return {"goose_db_version", "version_id::text, is_applied", "id"};
    case Tool::sqlx:
      return {"_sqlx_migrations", "version::text, success, encode(checksum, 'hex')", "version"};
    case Tool::diesel:
      return {"__diesel_schema_migrations", "version::text", "version"};
    case Tool::flyway:
      return {"flyway_schema_history", "version, description, type, checksum::text, success",
              "installed_rank"};
    case Tool::prisma:
      return {"_prisma_migrations",
              "migration_name, finished_at IS NOT NULL, rolled_back_at IS NOT NULL, checksum",
              "started_at"};
    case Tool::alembic:
      return {"alembic_version", "version_num::text", "version_num"};
    case Tool::sqitch:
      return {"sqitch.changes", "change, project, script_hash", "committed_at"};
    case Tool::sql:
      break;
  }
  return {};
}

// Follows the tool's rows and knows of each revision whether it is applied.
class Reading {
 public:
  explicit Reading(const History& history) : history_(history), applied_(history.revisions.size()) {
    for (std::size_t i = 0; i < history.revisions.size(); ++i)
      if (!history.revisions[i].repeatable) index_.emplace(history.revisions[i].version, i);
  }

  // Throws unknown_version.
  std::size_t find(std::string_view version) const {
    const auto found = index_.find(std::string(version));
    if (found == index_.end()) throw unknown(version);
    return found->second;
  }
  // The nth of the versions `name` and `name@tag`, in order. Throws unknown_version.
  std::size_t find_named(std::string_view name, std::size_t nth) const {
    for (std::size_t i = 0; i < history_.revisions.size(); ++i) {
      const std::string_view version = history_.revisions[i].version;
      if (version.substr(0, version.find('@')) == name && nth-- == 0) return i;
    }
    throw unknown(name);
  }
  // Of an id of ours; they name each other by it. Throws unknown_version.
  std::size_t find_id(std::string_view id) const {
    for (std::size_t i = 0; i < history_.revisions.size(); ++i)
      if (history_.revisions[i].id == id) return i;
    throw unknown(id);
  }
  const std::string& project() const { return history_.project; }
  bool knows(std::string_view version) const { return index_.contains(std::string(version)); }

  void set(std::size_t index, bool applied, std::string_view checksum = {}) {
    applied_[index] = applied;
    checksums_[index] = checksum;
  }
  const Revision& revision(std::size_t index) const { return history_.revisions[index]; }
  std::size_t size() const { return applied_.size(); }
  bool applied(std::size_t index) const { return applied_[index]; }
  bool edited(std::size_t index) const {
    const auto recorded = checksums_.find(index);
    return recorded != checksums_.end() && !recorded->second.empty() &&
           recorded->second != revision(index).checksum;
  }

  Error dirty(std::string_view version, std::string hint) const {
    return Error(Exit::integrity, "dirty_history",
                 std::string(name_of(history_.tool)) + " failed at version " +
                     std::string(version) + " and says so in its history",
                 "what of it was done is not known", std::move(hint));
  }

  Recorded result() const {
    Recorded recorded;
    for (std::size_t i = 0; i < size(); ++i) {
      if (!applied_[i]) continue;
      recorded.applied.push_back(i);
      if (edited(i))
        recorded.notices.push_back({Place{revision(i).upgrade.file.string()},
                                    "the file was edited after it had been applied"});
    }
    return recorded;
  }

 private:
  Error unknown(std::string_view version) const {
    return Error(Exit::integrity, "unknown_version",
                 std::string(name_of(history_.tool)) + " has applied version " +
                     std::string(version) + ", and there is no file of it",
                 "", "import the directory of the release that is deployed");
  }

  const History& history_;
  std::map<std::string, std::size_t> index_;
  std::vector<bool> applied_;
  std::map<std::size_t, std::string> checksums_;
};

// One row at most: all versions up to it are applied.
void read_golang_migrate_rows(Reading& reading, const pg::Rows& rows) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::string_view version = rows.text(row, 0);
    if (rows.flag(row, 1))
      throw reading.dirty(version, "make the schema what it should be, then: migrate force " +
                                       std::string(version) + " (or the version before)");
    for (std::size_t i = 0; i <= reading.find(version); ++i) reading.set(i, true);
  }
}

// A row for each applied version.
void read_version_rows(Reading& reading, const pg::Rows& rows) {
  for (std::size_t row = 0; row < rows.size(); ++row)
    reading.set(reading.find(rows.text(row, 0)), true);
}

// The last row of a version counts. Version 0 stands for the empty beginning. A version that was
// taken back may have no file any more.
void read_goose_rows(Reading& reading, const pg::Rows& rows) {
  std::map<std::string_view, bool> states;
  for (std::size_t row = 0; row < rows.size(); ++row) states[rows.text(row, 0)] = rows.flag(row, 1);
  states.erase("0");
  for (const auto& [version, applied] : states)
    if (applied) reading.set(reading.find(version), true);
}

void read_sqlx_rows(Reading& reading, const pg::Rows& rows) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::string_view version = rows.text(row, 0);
    if (!rows.flag(row, 1))
      throw reading.dirty(version,
                          "finish it or undo it by hand, then set success in, or delete, "
                          "its row in _sqlx_migrations");
    reading.set(reading.find(version), true, rows.text(row, 2));
  }
}

void read_prisma_rows(Reading& reading, const pg::Rows& rows) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::string_view name = rows.text(row, 0);
    if (rows.flag(row, 2)) continue;
    if (!rows.flag(row, 1))
      throw reading.dirty(name,
                          "finish it or undo it by hand, then: prisma migrate resolve "
                          "--applied (or --rolled-back) " +
                              std::string(name));
    reading.set(reading.find(name), true, rows.text(row, 3));
  }
}

// The tool keeps versions as they are written, V1.0 and V1 being one.
std::string flyway_version(const Reading& reading, std::string_view version) {
  if (reading.knows(version)) return std::string(version);
  for (std::size_t i = 0; i < reading.size(); ++i) {
    const Revision& revision = reading.revision(i);
    if (!revision.repeatable && !version_less(revision.version, version) &&
        !version_less(version, revision.version))
      return revision.version;
  }
  return std::string(version);
}

void read_baseline(Reading& reading, std::string_view version) {
  for (std::size_t i = 0; i < reading.size(); ++i)
    if (!reading.revision(i).repeatable && !version_less(version, reading.revision(i).version))
      reading.set(i, true);
}

void read_repeatable(Reading& reading, std::string_view name, std::string_view checksum) {
  for (std::size_t i = 0; i < reading.size(); ++i)
    if (reading.revision(i).repeatable && reading.revision(i).name == name)
      reading.set(i, true, checksum);
}

void read_flyway_row(Reading& reading, const pg::Rows& rows, std::size_t row) {
  const std::string_view version = rows.text(row, 0), type = rows.text(row, 2);
  if (type == "SCHEMA") return;
  if (!rows.flag(row, 4))
    throw reading.dirty(version.empty() ? rows.text(row, 1) : version,
                        "make the schema what it should be, then: flyway repair");
  if (type == "BASELINE" || type == "SQL_BASELINE") return read_baseline(reading, version);
  if (version.empty()) return read_repeatable(reading, rows.text(row, 1), rows.text(row, 3));
  const bool undone = type == "UNDO_SQL" || type == "DELETE";
  const std::string known = flyway_version(reading, version);
  if (undone && !reading.knows(known)) return;
  reading.set(reading.find(known), !undone, rows.text(row, 3));
}

// A repeatable script stands on all versions here. It is applied when they all are and when it has
// not changed since; otherwise it is run again, as the tool would.
void read_flyway_rows(Reading& reading, const pg::Rows& rows) {
  for (std::size_t row = 0; row < rows.size(); ++row) read_flyway_row(reading, rows, row);
  bool complete = true;
  for (std::size_t i = 0; i < reading.size(); ++i) {
    if (reading.revision(i).repeatable && (!complete || reading.edited(i))) reading.set(i, false);
    complete = complete && reading.applied(i);
  }
}

// Only heads are recorded: all that they stand on is applied. Parents come before their children.
void read_alembic_rows(Reading& reading, const pg::Rows& rows) {
  for (std::size_t row = 0; row < rows.size(); ++row)
    reading.set(reading.find(rows.text(row, 0)), true);
  for (std::size_t i = reading.size(); i-- > 0;) {
    if (!reading.applied(i)) continue;
    for (const std::string& parent : reading.revision(i).parents.value_or(Words()))
      reading.set(reading.find_id(parent), true);
    for (const std::string& need : reading.revision(i).depends_on)
      reading.set(reading.find_id(need), true);
  }
}

// The registry may be that of several projects. A change that was reworked is there several times;
// in the plan the older ones have a tag behind their name.
void read_sqitch_rows(Reading& reading, const pg::Rows& rows) {
  std::map<std::string_view, std::size_t> times;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows.text(row, 1) != reading.project()) continue;
    const std::string_view change = rows.text(row, 0);
    const std::size_t index = reading.find_named(change, times[change]++);
    reading.set(index, true, rows.text(row, 2));
  }
}

using Reader = void (*)(Reading& reading, const pg::Rows& rows);

Reader reader_of(Tool tool) {
  switch (tool) {
    case Tool::golang_migrate:
      return read_golang_migrate_rows;
    case Tool::goose:
      return read_goose_rows;
    case Tool::sqlx:
      return read_sqlx_rows;
    case Tool::flyway:
      return read_flyway_rows;
    case Tool::prisma:
      return read_prisma_rows;
    case Tool::alembic:
      return read_alembic_rows;
    case Tool::sqitch:
      return read_sqitch_rows;
    case Tool::dbmate:
    case Tool::diesel:
    case Tool::sql:
      break;
  }
  return read_version_rows;
}

}  // namespace

std::string_view history_table(Tool tool) {
  return keeping_of(tool).table;
}

std::string find_history(std::string_view table) {
  return "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)"
         " FROM pg_catalog.pg_class c"
         " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
         " WHERE c.oid = pg_catalog.to_regclass(" +
         quote_literal(table) + ")";
}

std::string read_history(Tool tool, std::string_view qualified) {
  const Keeping keeping = keeping_of(tool);
  return "SELECT " + std::string(keeping.columns) + " FROM " + std::string(qualified) +
         " ORDER BY " + std::string(keeping.order);
}

Recorded map_history(const History& history, const pg::Rows& rows) {
  Reading reading(history);
  reader_of(history.tool)(reading, rows);
  return reading.result();
}

}  // namespace steward::importer
