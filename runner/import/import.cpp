#include "runner/import/import.h"

#include <array>
#include <map>
#include <set>
#include <utility>

#include "runner/import/checksum.h"
#include "runner/import/files.h"
#include "runner/import/formats.h"
#include "runner/import/transactions.h"
#include "runner/revision/file.h"

namespace steward::importer {
namespace {

namespace fs = std::filesystem;

struct Named {
  Tool tool;
  std::string_view name;
};
constexpr std::array tools = {Named{Tool::golang_migrate, "golang-migrate"},
                              Named{Tool::dbmate, "dbmate"},
                              Named{Tool::goose, "goose"},
                              Named{Tool::sqlx, "sqlx"},
                              Named{Tool::diesel, "diesel"},
                              Named{Tool::flyway, "flyway"},
                              Named{Tool::prisma, "prisma"},
                              Named{Tool::alembic, "alembic"},
                              Named{Tool::sqitch, "sqitch"},
                              Named{Tool::sql, "sql"}};

History read_format(Tool tool, const fs::path& directory, const Values& values) {
  switch (tool) {
    case Tool::golang_migrate:
      return read_golang_migrate(directory, values);
    case Tool::dbmate:
      return read_dbmate(directory);
    case Tool::goose:
      return read_goose(directory);
    case Tool::sqlx:
      return read_sqlx(directory);
    case Tool::diesel:
      return read_diesel(directory);
    case Tool::flyway:
      return read_flyway(directory, values);
    case Tool::prisma:
      return read_prisma(directory);
    case Tool::alembic:
      return read_alembic(directory);
    case Tool::sqitch:
      return read_sqitch(directory);
    case Tool::sql:
      break;
  }
  return read_sql(directory, values);
}

// The tool's own version where it can be an id. Otherwise what is made of what the tool goes by, so
// that the same import always gives the same id.
std::string id_of(Tool tool, const Revision& revision) {
  if (!revision.repeatable && revision::valid_id(revision.written)) return revision.written;
  const std::string identity = revision.repeatable ? "R:" + revision.name : revision.version;
  return sha256(std::string(name_of(tool)) + ":" + identity).substr(0, 12);
}

// Versions as the ids that were made of them.
void name_by_id(std::vector<std::string>& versions, const std::map<std::string, std::string>& ids) {
  for (std::string& version : versions)
    if (const auto found = ids.find(version); found != ids.end()) version = found->second;
}

void give_ids(History& history) {
  std::set<std::string_view> ids;
  for (Revision& revision : history.revisions) {
    revision.id = id_of(history.tool, revision);
    if (!ids.insert(revision.id).second)
      throw bad_line("duplicate_version", revision.upgrade.file, 0,
                     "two files are of version " + revision.version);
  }
  std::map<std::string, std::string> by_version;
  for (const Revision& revision : history.revisions)
    by_version.emplace(revision.version, revision.id);
  for (Revision& revision : history.revisions) {
    if (revision.parents) name_by_id(*revision.parents, by_version);
    name_by_id(revision.depends_on, by_version);
  }
}

}  // namespace

std::string_view name_of(Tool tool) {
  for (const Named& named : tools)
    if (named.tool == tool) return named.name;
  return {};
}

Tool tool_of(std::string_view name) {
  std::string known;
  for (const Named& named : tools) {
    if (named.name == name) return named.tool;
    known += (known.empty() ? "" : ", ") + std::string(named.name);
  }
  throw Error(Exit::usage, "unknown_tool",
              "\"" + std::string(name) + "\" is no tool whose files are known here",
              "known: " + known);
}

Values values_of(const std::vector<std::string>& texts) {
  Values values;
  for (const std::string& text : texts) {
    const std::size_t middle = text.find('=');
    if (middle == 0 || middle == text.npos ||
        !values.emplace(text.substr(0, middle), text.substr(middle + 1)).second)
      throw Error(Exit::usage, "bad_value", "-x wants NAME=VALUE, each name once", "",
                  "-x schema=app");
  }
  return values;
}

History read(Tool tool, const fs::path& directory, const Values& values) {
  History history = read_format(tool, directory, values);
  if (history.revisions.empty())
    throw Error(
        Exit::usage, "nothing_to_import",
        "there is no migration of " + std::string(name_of(tool)) + " in " + directory.string(), "",
        "name another directory, or another tool with --from");
  give_ids(history);
  for (Revision& revision : history.revisions) {
    settle_transactions(revision.upgrade, history.notices);
    if (revision.downgrade) settle_transactions(*revision.downgrade, history.notices);
  }
  return history;
}

}  // namespace steward::importer
