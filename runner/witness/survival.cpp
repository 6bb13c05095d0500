#include "runner/witness/survival.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "runner/text.h"

namespace steward::witness {
namespace {

// What a change of names renames in the text of a value (regclass and the like) is left out.
constexpr const char* columns_of_users =
    "SELECT c.oid, format('%I.%I', n.nspname, c.relname), a.attnum, quote_ident(a.attname), "
    "format_type(a.atttypid, a.atttypmod), coalesce(a.attnum = ANY (k.conkey), false) "
    "FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
    "JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
    "AND a.attgenerated = '' AND a.atttypid::regtype::text !~ '^reg[a-z]+$' "
    "LEFT JOIN pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'p' "
    "WHERE c.relkind = 'r' AND c.relpersistence <> 't' "
    "AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'steward') "
    "AND n.nspname !~ '^pg_(toast|temp)' "
    "AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass "
    "AND d.objid = c.oid AND d.deptype = 'e') ORDER BY 1, 3";

// The sum of a number for each row, which does not depend on their order.
std::string sum_over(const std::string& text) {
  return "coalesce(sum(hashtextextended((" + text + ") COLLATE \"C\", 0)), 0)";
}

std::string text_of(const ColumnRows& column) {
  return "coalesce(" + column.name + "::text, E'\\\\N')";
}

std::string key_of(const TableRows& table) {
  std::string key;
  for (const auto& [number, column] : table.columns)
    if (column.of_key) key += text_of(column) + " || E'\\x1f' || ";
  return key;
}

constexpr std::size_t columns_at_once = 500;  // of the 1664 that a query can return

using Columns = std::map<int, ColumnRows>;

void read_columns(pg::Connection& connection, TableRows& table, Columns::iterator begin,
                  Columns::iterator end) {
  const std::string key = key_of(table);
  std::string query = "SELECT count(*)";
  for (auto one = begin; one != end; ++one) {
    query += ", " + sum_over(text_of(one->second));
    query += ", " + (key.empty() ? "''" : sum_over(key + text_of(one->second)));
  }
  const pg::Rows rows = connection.query(query + " FROM ONLY " + table.name);
  table.count = rows.number(0, 0);
  std::size_t at = 1;
  for (auto one = begin; one != end; ++one) {
    one->second.digest.plain = rows.text(0, at++);
    one->second.digest.keyed = rows.text(0, at++);
  }
}

void read_rows(pg::Connection& connection, TableRows& table) {
  for (auto begin = table.columns.begin(); begin != table.columns.end();) {
    auto end = begin;
    for (std::size_t count = 0; count < columns_at_once && end != table.columns.end(); ++count)
      ++end;
    read_columns(connection, table, begin, end);
    begin = end;
  }
}

const TableRows* same_table(const Survey& survey, const std::string& oid, const TableRows& table) {
  if (const auto found = survey.find(oid); found != survey.end()) return &found->second;
  for (const auto& [other, candidate] : survey)
    if (candidate.name == table.name) return &candidate;
  return nullptr;
}

// By number where the table is the same one; a column that was put in another's place has its name.
const ColumnRows* same_column(const TableRows& table, int number, const ColumnRows& column) {
  const auto found = table.columns.find(number);
  for (const auto& [other, candidate] : table.columns)
    if (candidate.name == column.name && found == table.columns.end()) return &candidate;
  return found == table.columns.end() ? nullptr : &found->second;
}

class Comparison {
 public:
  Comparison(const Survey& after, const Announced& announced, const Survey* between)
      : after_(after), announced_(announced), between_(between) {}

  std::vector<std::string> lines_for(const Survey& before) {
    for (const auto& [oid, table] : before) compare(oid, table);
    return std::move(lines_);
  }

 private:
  bool is_announced(const std::string& kind, const std::string& identity) const {
    return announced_.lost.contains(kind + " " + identity);
  }

  void compare(const std::string& oid, const TableRows& table) {
    const TableRows* middle = between_ == nullptr ? &table : same_table(*between_, oid, table);
    if (middle == nullptr) return;  // it was dropped, and comes back empty
    const TableRows* now = same_table(after_, oid, table);
    if (now == nullptr) return missing(table);
    if (is_announced("table", table.name) || is_announced("table", middle->name)) return;
    if (table.count != now->count) {
      lines_.push_back("table " + table.name + ": " + counted(table.count, "row") + " became " +
                       std::to_string(now->count));
      return;
    }
    for (const auto& [number, column] : table.columns)
      if (const ColumnRows* meanwhile = same_column(*middle, number, column))
        compare(table, *now, *middle, *meanwhile, number, column);
  }

  void missing(const TableRows& table) {
    const bool said = std::any_of(announced_.lost.begin(), announced_.lost.end(),
                                  [](const auto& id) { return id.starts_with("table "); });
    if (!said && table.count > 0) lines_.push_back("table " + table.name + " is gone");
  }

  void compare(const TableRows& table, const TableRows& now, const TableRows& middle,
               const ColumnRows& meanwhile, int number, const ColumnRows& column) {
    const ColumnRows* same = same_column(now, number, column);
    const std::string name = table.name + "." + column.name;
    for (const auto& [where, what] : {std::pair{&table, &column}, {&middle, &meanwhile}})
      if (is_announced("column", where->name + "." + what->name)) return;
    if (same == nullptr) {
      if (!is_announced("column", now.name + "." + column.name))
        lines_.push_back("column " + name + " is gone");
      return;
    }
    if (is_announced("column", now.name + "." + same->name) || !comparable(column, *same)) return;
    const bool with_key = keys_match(table, now);
    if (with_key ? column.digest == same->digest : column.digest.plain == same->digest.plain)
      return;
    lines_.push_back("column " + name + ": its values are others than before");
  }

  bool comparable(const ColumnRows& one, const ColumnRows& other) const {
    const bool of_users = one.type.find('.') != one.type.npos;
    return one.type == other.type &&
           (between_ != nullptr || !of_users || !announced_.types_changed);
  }

  bool keys_match(const TableRows& one, const TableRows& other) const {
    for (const auto& [number, column] : one.columns) {
      const auto twin = other.columns.find(number);
      if (!column.of_key && twin != other.columns.end() && twin->second.of_key) return false;
      if (!column.of_key) continue;
      if (twin == other.columns.end() || !twin->second.of_key) return false;
      if (!comparable(column, twin->second)) return false;
    }
    return true;
  }

  const Survey& after_;
  const Announced& announced_;
  const Survey* between_;
  std::vector<std::string> lines_;
};

}  // namespace

Survey survey(pg::Connection& connection) {
  connection.run(
      "SET search_path = pg_catalog; SET DateStyle = ISO; SET IntervalStyle = postgres; "
      "SET TimeZone = 'UTC'; SET extra_float_digits = 1; SET row_security = off");
  Survey survey;
  const pg::Rows rows = connection.query(columns_of_users);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    TableRows& table = survey[std::string(rows.text(row, 0))];
    table.name = rows.text(row, 1);
    ColumnRows& column = table.columns[static_cast<int>(rows.number(row, 2))];
    column.name = rows.text(row, 3);
    column.type = rows.text(row, 4);
    column.of_key = rows.flag(row, 5);
  }
  for (auto& [oid, table] : survey) read_rows(connection, table);
  connection.run("RESET ALL");
  return survey;
}

std::vector<std::string> lost(const Survey& before, const Survey& after, const Announced& announced,
                              const Survey* between) {
  return Comparison(after, announced, between).lines_for(before);
}

}  // namespace steward::witness
