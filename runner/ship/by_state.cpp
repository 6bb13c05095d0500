#include "runner/ship/by_state.h"

#include <unordered_map>

#include "runner/parser.h"
#include "runner/safety/tree.h"
#include "runner/text.h"

namespace steward::ship {
namespace {

using safety::content;
using safety::flag;
using safety::list;
using safety::member;
using safety::word;
using Node = const Json&;

// A RangeVar as SQL.
std::string quoted(Node range) {
  const std::string schema = word(range, "schemaname");
  return (schema.empty() ? "" : quote_identifier(schema) + ".") +
         quote_identifier(word(range, "relname"));
}

bool answers(pg::Connection& connection, const std::string& question,
             const pg::Parameters& parameters) {
  return connection.query(question, parameters).flag(0, 0);
}

bool created(pg::Connection& connection, const std::string& catalog, const std::string& name) {
  return answers(connection,
                 "SELECT EXISTS (SELECT FROM pg_catalog." + catalog + " WHERE " +
                     (catalog == "pg_database"     ? "datname"
                      : catalog == "pg_tablespace" ? "spcname"
                                                   : "subname") +
                     " = $1)",
                 {name});
}

// The index is there and valid; an INVALID one is dropped. Without a name, the server chose one:
// then an INVALID one of the table is taken for it.
bool index_is_built(pg::Connection& connection, Node node) {
  if (!flag(node, "concurrent")) return false;
  const std::string name = word(node, "idxname");
  const pg::Rows rows = connection.query(
      "SELECT c.oid::pg_catalog.regclass::text, i.indisvalid FROM pg_catalog.pg_index AS i "
      "JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid "
      "WHERE i.indrelid = pg_catalog.to_regclass($1) AND (c.relname = $2 OR ($2 = '' AND NOT "
      "i.indisvalid))",
      {quoted(member(node, "relation")), name});
  if (rows.empty()) return false;
  if (rows.flag(0, 1)) return true;
  connection.run("DROP INDEX CONCURRENTLY " + std::string(rows.text(0, 0)));
  return false;
}

std::string quoted_list(Node object) {
  std::string name;
  for (Node item : list(content(object), "items")) {
    const Json& text = member(item, "String");
    name += (name.empty() ? "" : ".") +
            quote_identifier(text.value("sval", text.value("str", std::string{})));
  }
  return name;
}

bool index_is_dropped(pg::Connection& connection, Node node) {
  if (!flag(node, "concurrent") || flag(node, "missing_ok")) return false;
  for (Node object : list(node, "objects"))
    return answers(connection, "SELECT pg_catalog.to_regclass($1) IS NULL", {quoted_list(object)});
  return false;
}

// An interrupted REINDEX CONCURRENTLY leaves copies that nobody uses; it runs again without them.
bool clean_after_reindex(pg::Connection& connection, Node node) {
  const bool all = !node.contains("relation");
  const pg::Rows rows = connection.query(
      "SELECT c.oid::pg_catalog.regclass::text FROM pg_catalog.pg_index AS i "
      "JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid "
      "WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND c.relkind = 'i' AND ($2 OR "
      "i.indrelid IN (pg_catalog.to_regclass($1), (SELECT indrelid FROM pg_catalog.pg_index "
      "WHERE indexrelid = pg_catalog.to_regclass($1))))",
      {all ? std::string() : quoted(member(node, "relation")), all ? "t" : "f"});
  for (std::size_t row = 0; row < rows.size(); ++row)
    connection.run("DROP INDEX CONCURRENTLY " + std::string(rows.text(row, 0)));
  return false;
}

// Detached, or still attached; in between, what was begun is finished.
bool partition_is_detached(pg::Connection& connection, Node table, Node partition) {
  const std::string parent = quoted(table), child = quoted(partition);
  const pg::Rows rows = connection.query(
      "SELECT inhdetachpending FROM pg_catalog.pg_inherits "
      "WHERE inhparent = pg_catalog.to_regclass($1) AND inhrelid = pg_catalog.to_regclass($2)",
      {parent, child});
  if (rows.empty()) return true;
  if (!rows.flag(0, 0)) return false;
  connection.run("ALTER TABLE " + parent + " DETACH PARTITION " + child + " FINALIZE");
  return true;
}

bool table_is_altered(pg::Connection& connection, Node node) {
  for (Node item : list(node, "cmds")) {
    const Json& command = content(item);
    const Json& definition = content(member(command, "def"));
    if (word(command, "subtype") == "AT_DetachPartition" && flag(definition, "concurrent"))
      return partition_is_detached(connection, member(node, "relation"),
                                   member(definition, "name"));
  }
  return false;
}

}  // namespace

bool has_taken_effect(pg::Connection& connection, const sql::Statement& statement) {
  const std::optional<Json> tree =
      parser::parse(std::string_view(statement.text).substr(statement.first));
  if (!tree || !tree->is_object() || tree->empty()) return false;
  const std::string kind = tree->items().begin().key();
  const Json& node = content(*tree);
  if (kind == "IndexStmt") return index_is_built(connection, node);
  if (kind == "DropStmt") return index_is_dropped(connection, node);
  if (kind == "ReindexStmt") return clean_after_reindex(connection, node);
  if (kind == "AlterTableStmt") return table_is_altered(connection, node);
  if (kind == "CreatedbStmt") return created(connection, "pg_database", word(node, "dbname"));
  if (kind == "DropdbStmt") return !created(connection, "pg_database", word(node, "dbname"));
  if (kind == "CreateTableSpaceStmt")
    return created(connection, "pg_tablespace", word(node, "tablespacename"));
  if (kind == "DropTableSpaceStmt")
    return !created(connection, "pg_tablespace", word(node, "tablespacename"));
  if (kind == "CreateSubscriptionStmt")
    return created(connection, "pg_subscription", word(node, "subname"));
  if (kind == "DropSubscriptionStmt")
    return !created(connection, "pg_subscription", word(node, "subname"));
  return false;
}

}  // namespace steward::ship
