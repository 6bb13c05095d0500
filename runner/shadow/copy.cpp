#include "runner/shadow/copy.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "runner/diff.h"
#include "runner/safety/cost.h"
#include "runner/text.h"

namespace steward::shadow {
namespace {

using snapshot::Fact;
using snapshot::Snapshot;

constexpr const char* what_to_type =
    "leave --with-rows away, or name a database that holds a part of the rows";

struct Table {
  std::string name;     // as SQL takes it
  std::string columns;  // "(a, b)"; empty: it has none
  std::int64_t bytes = 0;
};

// What members of extensions and what is ours hold is not part of the schema.
constexpr const char* relations_of_users =
    " FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
    "WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'steward') "
    "AND n.nspname !~ '^pg_(toast|temp)' AND c.relpersistence <> 't' "
    "AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass "
    "AND d.objid = c.oid AND d.deptype = 'e') ";

std::string query_of_tables() {
  return "SELECT format('%I.%I', n.nspname, c.relname), (SELECT '(' || string_agg(format('%I', "
         "a.attname), ', ' ORDER BY a.attname) || ')' FROM pg_attribute AS a WHERE a.attrelid = "
         "c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''), "
         "pg_table_size(c.oid)" +
         std::string(relations_of_users) + "AND c.relkind = 'r' ORDER BY 3 DESC, 1";
}

std::vector<Table> tables_of(pg::Connection& database) {
  const pg::Rows rows = database.query(query_of_tables());
  std::vector<Table> tables;
  for (std::size_t row = 0; row < rows.size(); ++row)
    tables.push_back(
        {std::string(rows.text(row, 0)), std::string(rows.text(row, 1)), rows.number(row, 2)});
  return tables;
}

std::int64_t size_of(const std::vector<Table>& tables) {
  std::int64_t bytes = 0;
  for (const Table& table : tables) bytes += table.bytes;
  return bytes;
}

void require_small(const std::vector<Table>& tables, std::int64_t limit) {
  const std::int64_t bytes = size_of(tables);
  if (bytes <= limit) return;
  std::vector<std::string> largest;
  for (const Table& table : tables)
    if (largest.size() < 3) largest.push_back(table.name + " " + safety::format_bytes(table.bytes));
  throw Error(Exit::refused, "too_many_rows",
              "the database's rows take " + safety::format_bytes(bytes) + ", more than the " +
                  safety::format_bytes(limit) + " that may be copied",
              "the largest: " + joined(largest),
              "add --rows-limit " + std::to_string(bytes / (std::int64_t{1} << 20) + 1) +
                  "MB when there is room for them, or " + what_to_type);
}

Error no_copy(const std::string& what, const std::string& detail) {
  return Error(Exit::refused, "no_copy", what, detail, what_to_type);
}

// What is made when the rows are there: it looks at rows of other tables, writes some, or refuses
// what came before it. Indexes are cheaper then.
bool is_late(const Fact& fact) {
  static constexpr std::array<std::string_view, 6> kinds{
      "trigger", "event trigger", "rule", "policy", "index", "materialized view"};
  if (std::find(kinds.begin(), kinds.end(), fact.kind) != kinds.end()) return true;
  return fact.kind == "constraint" &&
         (fact.text("type") == "foreign key" || fact.text("definition").ends_with(" NOT VALID"));
}

bool needs_any(const Fact& fact, const std::set<std::string>& ids) {
  return ids.contains(fact.parent) ||
         std::any_of(fact.needs.begin(), fact.needs.end(),
                     [&](const std::string& need) { return ids.contains(need); });
}

// The schema as rows are loaded into it: without what is late, and what needs that.
Snapshot bare(const Snapshot& schema) {
  std::set<std::string> late;
  for (const auto& [id, fact] : schema.facts)
    if (is_late(fact)) late.insert(id);
  for (std::size_t before = 0; before != late.size();) {
    before = late.size();
    for (const auto& [id, fact] : schema.facts)
      if (needs_any(fact, late)) late.insert(id);
  }
  Snapshot rest = schema;
  for (const std::string& id : late) rest.facts.erase(id);
  for (auto& [id, fact] : rest.facts)
    for (const char* security : {"row_security", "force_row_security"})
      if (fact.definition.erase(security) > 0) fact.hash = "in part";
  return rest;
}

void build(Shadow& shadow, const Snapshot& from, const Snapshot& to) {
  try {
    const std::string text = diff::to_text(diff::make(from, to));
    shadow.provide_extension(text);
    shadow.run(text, "the copy of the schema");
  } catch (const Error& error) {
    throw no_copy("no copy of the database's schema can be made: " + std::string(error.what()),
                  error.detail());
  }
}

// The results of a message to the end.
std::optional<pg::Failure> rest_of(pg::Connection& connection) {
  std::optional<pg::Failure> failure;
  while (const std::optional<pg::Result> result = connection.next())
    if (result->kind == pg::Result::Kind::error && !failure) failure = result->failure;
  return failure;
}

void copy_rows(pg::Connection& database, pg::Connection& shadow, const Table& table) {
  const auto refused = [&](const pg::Failure& failure) {
    return no_copy("the rows of table " + table.name + " cannot be copied: " + failure.message,
                   failure.detail.empty() ? failure.hint : failure.detail);
  };
  shadow.send("COPY " + table.name + " " + table.columns + " FROM STDIN");
  const std::optional<pg::Result> ready = shadow.next();
  if (!ready || ready->kind != pg::Result::Kind::copy_in) {
    rest_of(shadow);
    throw refused(ready ? ready->failure : pg::Failure{});
  }
  try {
    database.copy_out("COPY " + table.name + " " + table.columns + " TO STDOUT",
                      [&](std::string_view line) { shadow.copy_data(line); });
  } catch (const pg::QueryFailed& error) {
    shadow.fail_copy("the rows could not be read");
    rest_of(shadow);
    throw refused(error.failure);
  }
  shadow.end_copy();
  if (const std::optional<pg::Failure> failure = rest_of(shadow)) throw refused(*failure);
}

// Where sequences stand belongs to the rows.
void copy_sequences(pg::Connection& database, pg::Connection& shadow) {
  const pg::Rows rows = database.query(
      "SELECT s.name, pg_sequence_last_value(s.oid) FROM (SELECT c.oid, format('%I.%I', n.nspname, "
      "c.relname) AS name" +
      std::string(relations_of_users) +
      "AND CASE c.relkind WHEN 'S' THEN has_sequence_privilege(c.oid, 'SELECT, USAGE') END) AS s");
  for (std::size_t row = 0; row < rows.size(); ++row)
    if (const auto value = rows.get(row, 1))
      shadow.query("SELECT setval($1::regclass, $2::bigint)",
                   {std::string(rows.text(row, 0)), std::string(*value)});
}

std::vector<std::string> foreign_tables_of(const Snapshot& schema) {
  std::vector<std::string> names;
  for (const auto& [id, fact] : schema.facts)
    if (fact.kind == "foreign table") names.push_back(fact.identity);
  return names;
}

// What is read is text that means the same on both sides.
std::string plain_text(const std::string& set) {
  std::string settings;
  for (const char* one : {"search_path = pg_catalog", "DateStyle = ISO", "statement_timeout = 0",
                          "IntervalStyle = postgres", "extra_float_digits = 1"})
    settings += set + one + ";";
  return settings;
}

// A transaction that sees one state.
class Reading {
 public:
  Reading(pg::Connection& database, pg::Connection& shadow) : database_(database) {
    database_.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL row_security = off;" +
                  plain_text("SET LOCAL "));
    shadow.run(plain_text("SET "));
  }
  ~Reading() {
    try {
      database_.run("ROLLBACK");
    } catch (const std::exception&) {
      // The connection is gone, and with it the transaction.
    }
  }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

 private:
  pg::Connection& database_;
};

}  // namespace

Copied copy(Shadow& shadow, pg::Connection& database, std::int64_t limit) {
  const Snapshot empty = snapshot::read(shadow.connection());
  const Reading reading(database, shadow.connection());
  const std::vector<Table> tables = tables_of(database);
  require_small(tables, limit);
  const Snapshot schema = snapshot::read_inside(database);
  const Snapshot first = bare(schema);
  build(shadow, empty, first);
  for (const Table& table : tables) copy_rows(database, shadow.connection(), table);
  copy_sequences(database, shadow.connection());
  build(shadow, first, schema);
  shadow.connection().run("RESET ALL");
  return {tables.size(), size_of(tables), foreign_tables_of(schema)};
}

}  // namespace steward::shadow
