#include "runner/witness.h"

#include <map>
#include <optional>
#include <set>

#include "runner/diff.h"
#include "runner/failure.h"
#include "runner/text.h"
#include "runner/witness/survival.h"

namespace steward::witness {
namespace {

void run(shadow::Shadow& shadow, const Script& script, const std::string& what) {
  if (script.in_transaction) shadow.connection().run("BEGIN");
  try {
    shadow.run(script.text, what);
  } catch (const Error&) {
    if (script.in_transaction) shadow.connection().run("ROLLBACK");
    throw;
  }
  if (script.in_transaction) shadow.connection().run("COMMIT");
  shadow.connection().run("RESET ALL");
}

void require_same(const referee::Description& wanted, const referee::Description& found,
                  const std::string& what) {
  const std::vector<std::string> unlike = referee::differences(wanted, found);
  if (unlike.empty()) return;
  throw Error(
      Exit::refused, "not_proved",
      "after the generated " + what +
          ", pg_dump sees another schema than the one that was wanted; nothing was written",
      joined(unlike, "\n"),
      "steward diff prints the statements; write this revision by hand, or take it as it is "
      "with --referee never");
}

// Tables in both schemas of which something differs.
std::set<std::string> touched(const snapshot::Snapshot& from, const snapshot::Snapshot& to) {
  std::set<std::string> tables;
  const auto consider = [&](const snapshot::Snapshot& one, const snapshot::Snapshot& other) {
    for (const auto& [id, fact] : one.facts) {
      const snapshot::Fact* twin = other.find(id);
      if (twin != nullptr && twin->hash == fact.hash) continue;
      const snapshot::Fact* table = one.find(fact.kind == "table" ? id : fact.parent);
      if (table != nullptr && table->kind == "table" && other.find(table->id) != nullptr)
        tables.insert(table->identity);
    }
  };
  consider(from, to);
  consider(to, from);
  return tables;
}

// Values for a row of the table, by column, as steward.make_row() takes them; it finds the others.
constexpr const char* plain = "SELECT '{}'::pg_catalog.jsonb";
constexpr const char* sparse =
    "SELECT coalesce(jsonb_object_agg(a.attname, NULL), '{}') FROM pg_attribute AS a "
    "WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND NOT a.attnotnull "
    "AND a.attgenerated = '' AND a.attidentity = ''";
constexpr const char* large =
    "SELECT coalesce(jsonb_object_agg(v.name, v.value) FILTER (WHERE v.value IS NOT NULL), '{}') "
    "FROM (SELECT a.attname, CASE "
    "WHEN t.typcategory = 'S' THEN repeat('x', CASE WHEN a.atttypmod > 4 THEN least(a.atttypmod - "
    "4, 2000) ELSE 300 END) "
    "WHEN a.atttypid = 'bigint'::regtype THEN '9000000000000000' "
    "WHEN a.atttypid = 'integer'::regtype THEN '2000000000' "
    "WHEN a.atttypid = 'numeric'::regtype AND a.atttypmod < 0 THEN '99999999999999999999.5' "
    "WHEN a.atttypid = 'numeric'::regtype THEN repeat('9', (((a.atttypmod - 4) >> 16) & 65535) - "
    "((a.atttypmod - 4) & 2047)) "
    "END FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid "
    "WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = "
    "'' AND a.attidentity = '' AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = "
    "a.attrelid AND k.contype = 'f' AND a.attnum = ANY (k.conkey))) AS v (name, value)";

// What a row has that others may have as well: scalars outside of unique indexes.
std::string alike(const std::string& table) {
  return "SELECT coalesce((SELECT jsonb_object_agg(v.key, v.value) FROM (SELECT to_jsonb(r) AS row "
         "FROM " +
         table +
         " AS r LIMIT 1) AS one, jsonb_each(one.row) AS v JOIN pg_attribute AS a ON a.attrelid = "
         "$1::regclass AND a.attname = v.key AND a.attgenerated = '' AND a.attidentity = '' "
         "WHERE jsonb_typeof(v.value) NOT IN ('object', 'array', 'null') AND NOT EXISTS (SELECT "
         "FROM pg_index AS i WHERE i.indrelid = a.attrelid AND i.indisunique AND a.attnum = ANY "
         "(i.indkey))), '{}')";
}

// Generated rows, by the function that also makes them for a proof of isolation.
class Rows {
 public:
  explicit Rows(pg::Connection& connection) : connection_(connection) {}

  // Whether the server has the extension, whose function it is.
  bool possible() {
    try {
      connection_.run("CREATE EXTENSION IF NOT EXISTS pg_steward");
      return true;
    } catch (const pg::QueryFailed&) {
      return false;
    }
  }

  // Whether there is one row at least: constraints may refuse each kind.
  bool fill(const std::string& table) {
    bool any = false;
    for (const std::string& values :
         {std::string(plain), std::string(sparse), std::string(large), alike(table), alike(table)})
      any = make(table, values) || any;
    return any;
  }

  std::string count(const std::string& table) {
    return std::string(connection_.query("SELECT count(*) FROM " + table).text(0, 0));
  }

 private:
  bool make(const std::string& table, const std::string& values) {
    try {
      connection_.run("SET search_path = pg_catalog");
      connection_.query("SELECT steward.make_row($1::regclass, (" + values + "), '{}')", {table});
      return true;
    } catch (const pg::QueryFailed&) {
      return false;  // the next kind may do; who has none is named
    }
  }

  pg::Connection& connection_;
};

using Counts = std::map<std::string, std::string>;

// What is said of a statement that fails where there are rows.
std::string trouble(const std::string& what, const Error& error) {
  return "with rows in the tables the " + what + " fails: " + error.what() +
         (error.detail().empty() ? "" : " (" + error.detail() + ")") +
         (error.place() ? "\n  " + error.place()->excerpt : "");
}

std::optional<std::string> attempt(shadow::Shadow& shadow, const Script& script,
                                   const std::string& what) {
  try {
    run(shadow, script, what);
    return std::nullopt;
  } catch (const Error& error) {
    return trouble(what, error);
  }
}

// Fills the tables. Returns how many rows each has; names those that have none.
Counts fill(shadow::Shadow& shadow, const std::set<std::string>& tables,
            std::vector<std::string>& findings) {
  Counts counts;
  Rows rows(shadow.connection());
  if (tables.empty()) return counts;
  if (!rows.possible()) {
    findings.push_back(
        "the change was not tried on tables with rows: the shadow's server has no pg_steward");
    return counts;
  }
  for (const std::string& table : tables)
    if (!rows.fill(table))
      findings.push_back("no row could be made for table " + table +
                         ": the change was tried on it empty");
  for (const std::string& table : tables) counts[table] = rows.count(table);
  shadow.connection().run("RESET ALL");
  return counts;
}

constexpr const char* by_hand =
    "mend the rows first, or give the change a form that they survive: write this revision by "
    "hand, "
    "or leave --with-rows away";

Error refused(const std::string& what, const std::string& why, const std::string& detail) {
  return Error(Exit::refused, "not_proved",
               "with the database's own rows the generated " + what + why + "; nothing was written",
               detail, by_hand);
}

std::string where(const pg::Failure& failure) {
  std::vector<std::string> parts;
  if (!failure.table.empty())
    parts.push_back("table " + (failure.schema.empty() ? "" : failure.schema + ".") +
                    failure.table);
  if (!failure.column.empty()) parts.push_back("column " + failure.column);
  if (!failure.constraint.empty()) parts.push_back("constraint " + failure.constraint);
  return joined(parts);
}

void run_on_rows(shadow::Shadow& copy, const Script& script, const std::string& what) {
  try {
    run(copy, script, what);
  } catch (const desired::StatementFailed& error) {
    std::string detail = where(error.failure);
    for (const std::string& more :
         {error.failure.detail, error.place() ? error.place()->excerpt : std::string()})
      if (!more.empty()) detail += (detail.empty() ? "" : "\n") + more;
    throw refused(what, std::string(" fails: ") + error.what(), detail);
  }
}

void require_rows(const std::vector<std::string>& lines, const std::string& what) {
  if (!lines.empty()) throw refused(what, " does not keep them", joined(lines, "\n"));
}

bool types_differ(const snapshot::Snapshot& from, const snapshot::Snapshot& to) {
  for (const auto& [id, fact] : from.facts) {
    if (fact.kind != "type" && fact.kind != "domain") continue;
    const snapshot::Fact* twin = to.find(id);
    if (twin == nullptr || twin->hash != fact.hash) return true;
  }
  return false;
}

}  // namespace

std::size_t try_on_copy(shadow::Shadow& copy, const Claim& claim, const snapshot::Snapshot& from,
                        const snapshot::Snapshot& to) {
  const Announced announced{claim.lost, types_differ(from, to)};
  const snapshot::Snapshot start = snapshot::read(copy.connection());
  const Survey before = survey(copy.connection());
  run_on_rows(copy, claim.upgrade, "upgrade");
  const Survey between = survey(copy.connection());
  require_rows(lost(before, between, announced), "upgrade");
  run_on_rows(copy, claim.downgrade, "downgrade");
  require_rows(lost(before, survey(copy.connection()), announced, &between), "downgrade");
  const auto left = diff::summary(snapshot::read(copy.connection()), start);
  if (!left.empty()) throw refused("downgrade", " does not come back", joined(left, "\n"));
  std::size_t rows = 0;
  for (const auto& [oid, table] : before) rows += static_cast<std::size_t>(table.count);
  return rows;
}

void judge(shadow::Shadow& shadow, const url::Target& server, const std::filesystem::path& pg_dump,
           const Claim& claim, const referee::Description& desired) {
  url::Target target = server;
  target.set("dbname", shadow.connection().database());
  const auto look = [&] { return referee::describe(pg_dump, target, shadow.connection()); };
  const referee::Description before = look();
  run(shadow, claim.upgrade, "upgrade");
  require_same(desired, look(), "upgrade");
  run(shadow, claim.downgrade, "downgrade");
  require_same(before, look(), "downgrade");
}

std::vector<std::string> try_with_rows(shadow::Shadow& shadow, const Claim& claim,
                                       const snapshot::Snapshot& from,
                                       const snapshot::Snapshot& to) {
  std::vector<std::string> findings;
  const Counts before = fill(shadow, touched(from, to), findings);
  if (before.empty()) return findings;
  for (const auto& [script, what] :
       {std::pair{&claim.upgrade, "upgrade"}, {&claim.downgrade, "downgrade"}}) {
    if (const std::optional<std::string> wrong = attempt(shadow, *script, what)) {
      findings.push_back(*wrong);
      return findings;
    }
    Rows rows(shadow.connection());
    for (const auto& [table, count] : before)
      if (const std::string now = rows.count(table); now != count)
        findings.push_back("the " + std::string(what) + " leaves " + now + " of " + count +
                           " rows in table " + table);
  }
  return findings;
}

}  // namespace steward::witness
