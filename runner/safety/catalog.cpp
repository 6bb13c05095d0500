#include "runner/safety/catalog.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "runner/parser.h"

namespace steward::safety {
namespace {

// What is asked about: names as written, quoted where they must be.
struct Names {
  std::set<std::string> relations;
  std::set<std::string> types;
  std::set<std::string> functions;
};

void collect(const Script& script, Names& names) {
  for (const Statement& statement : script.statements) {
    for (const Touch& touch : statement.effects.touches) names.relations.insert(touch.relation);
    for (const Action& action : statement.actions) {
      names.relations.insert(action.relation);
      if (action.what == What::drop_index) names.relations.insert(action.object);
      if (action.what == What::add_column || action.what == What::alter_type)
        names.types.insert(type_in(member(*action.node, "typeName")).name);
      if (!action.object.empty()) names.types.insert(action.object);
      if (action.what == What::add_column)
        for (const std::string& name : functions_in(*action.node)) names.functions.insert(name);
    }
  }
  // A dot in a name is not told from one between two: of more than two parts nothing can be asked.
  std::erase_if(names.relations,
                [](const std::string& name) { return std::ranges::count(name, '.') > 1; });
  names.relations.erase("");
  names.types.erase("");
}

std::string array_of(const std::set<std::string>& names) {
  return pg::format_array({names.begin(), names.end()});
}

std::string array_of_quoted(const std::set<std::string>& names) {
  std::vector<std::string> list;
  for (const std::string& name : names) list.push_back(quoted(name));
  return pg::format_array(list);
}

// The tables that are named, those behind named indexes, those of named domains, the other side of
// their foreign keys, their parents and partitions. Each under its name as written, or under its
// schema's unless that is public.
constexpr const char* tables_query = R"(
WITH named AS (
  SELECT DISTINCT ON (o.oid) o.oid, w.name
  FROM unnest($1::text[], $2::text[]) AS w (name, quoted)
       CROSS JOIN LATERAL (SELECT pg_catalog.to_regclass(w.quoted)::oid AS oid) AS r
       CROSS JOIN LATERAL (SELECT coalesce(i.indrelid, r.oid) AS oid, i.indrelid IS NULL AS own
                           FROM (SELECT 1) AS one LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = r.oid) AS o
  WHERE r.oid IS NOT NULL AND o.own),
first AS (
  SELECT oid FROM named
  UNION SELECT i.indrelid FROM unnest($2::text[]) AS w JOIN pg_catalog.pg_index AS i ON i.indexrelid = pg_catalog.to_regclass(w)::oid
  UNION SELECT a.attrelid FROM unnest($3::text[]) AS t (name)
    JOIN pg_catalog.pg_type AS y ON y.typname = t.name AND y.typtype IN ('d', 'e', 'c', 'r')
          JOIN pg_catalog.pg_attribute AS a ON a.atttypid = y.oid AND NOT a.attisdropped),
wanted AS (
  SELECT oid FROM first
  UNION SELECT k.confrelid FROM first JOIN pg_catalog.pg_constraint AS k ON k.conrelid = first.oid AND k.contype = 'f'
  UNION SELECT k.conrelid FROM first JOIN pg_catalog.pg_constraint AS k ON k.confrelid = first.oid AND k.contype = 'f'
  UNION SELECT r.ev_class FROM first JOIN pg_catalog.pg_depend AS d ON d.refclassid = 'pg_catalog.pg_class'::regclass
    AND d.refobjid = first.oid
          AND d.classid = 'pg_catalog.pg_rewrite'::regclass JOIN pg_catalog.pg_rewrite AS r ON r.oid = d.objid
  UNION SELECT h.inhparent FROM first JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = first.oid
  UNION SELECT h.inhrelid FROM first JOIN pg_catalog.pg_inherits AS h ON h.inhparent = first.oid
  UNION SELECT p.partdefid FROM first JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = first.oid
          JOIN pg_catalog.pg_partitioned_table AS p ON p.partrelid = h.inhparent WHERE p.partdefid <> 0),
key AS (
  SELECT c.oid, coalesce(m.name, CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END) AS name
  FROM wanted AS w JOIN pg_catalog.pg_class AS c ON c.oid = w.oid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
       LEFT JOIN named AS m ON m.oid = c.oid
  WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f'))
SELECT pg_catalog.jsonb_build_object(
  'name', key.name, 'kind', c.relkind,
  'rows', CASE WHEN z.bytes = 0 THEN 0 WHEN c.reltuples >= 0 THEN c.reltuples END,
  'bytes', z.bytes, 'index_bytes', CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_indexes_size(c.oid) ELSE 0 END,
  'writes', (SELECT (s.n_tup_ins + s.n_tup_upd + s.n_tup_del) / greatest(3600, extract(epoch FROM pg_catalog.now() - d.stats_reset))
             FROM pg_catalog.pg_stat_all_tables AS s, pg_catalog.pg_stat_database AS d
             WHERE s.relid = c.oid AND d.datname = pg_catalog.current_database()),
  'parent', (SELECT k.name FROM pg_catalog.pg_inherits AS h JOIN key AS k ON k.oid = h.inhparent WHERE h.inhrelid = c.oid LIMIT 1),
  'partitions', (SELECT pg_catalog.jsonb_agg(k.name ORDER BY k.name) FROM pg_catalog.pg_inherits AS h
    JOIN key AS k ON k.oid = h.inhrelid WHERE h.inhparent = c.oid),
  'default', (SELECT k.name FROM pg_catalog.pg_partitioned_table AS p JOIN key AS k ON k.oid = p.partdefid WHERE p.partrelid = c.oid),
  'columns', (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
    a.attnotnull) ORDER BY a.attnum)
              FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'constraints', (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                    'name', o.conname, 'kind', o.contype, 'valid', o.convalidated, 'text', pg_catalog.pg_get_constraintdef(o.oid),
                    'columns', (SELECT pg_catalog.jsonb_agg(a.attname ORDER BY x.place)
                      FROM pg_catalog.unnest(o.conkey) WITH ORDINALITY AS x (number, place)
                                JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.conrelid AND a.attnum = x.number),
                    'references', (SELECT k.name FROM key AS k WHERE k.oid = o.confrelid)) ORDER BY o.conname)
                  FROM pg_catalog.pg_constraint AS o WHERE o.conrelid = c.oid AND o.contype IN ('p', 'u', 'f', 'c', 'x')),
  'indexes', (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                'name', x.relname, 'valid', i.indisvalid, 'constraint', EXISTS (SELECT
                  FROM pg_catalog.pg_constraint AS o WHERE o.conindid = i.indexrelid AND o.conrelid = c.oid),
                'columns', (SELECT pg_catalog.jsonb_agg(DISTINCT a.attname) FROM pg_catalog.pg_attribute AS a
                            WHERE a.attrelid = c.oid AND (a.attnum = ANY (i.indkey) OR EXISTS (
                              SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_class'::regclass
                                AND d.objid = i.indexrelid
                                AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid
                                  AND d.refobjsubid = a.attnum)))) ORDER BY x.relname)
              FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid),
  'dependents', (SELECT pg_catalog.jsonb_agg(DISTINCT v.relname) FROM pg_catalog.pg_depend AS d
                 JOIN pg_catalog.pg_rewrite AS r ON r.oid = d.objid JOIN pg_catalog.pg_class AS v ON v.oid = r.ev_class
                 WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
                   AND d.refobjid = c.oid AND r.ev_class <> c.oid))
FROM key JOIN pg_catalog.pg_class AS c ON c.oid = key.oid
     CROSS JOIN LATERAL (SELECT CASE c.relkind WHEN 'v' THEN 0
       WHEN 'p' THEN (SELECT coalesce(sum(pg_catalog.pg_relation_size(t.relid)), 0)
         FROM pg_catalog.pg_partition_tree(c.oid) AS t WHERE t.isleaf)
       WHEN 'f' THEN NULL ELSE pg_catalog.pg_relation_size(c.oid) END AS bytes) AS z)";

constexpr const char* rest_query = R"(
SELECT pg_catalog.jsonb_build_object(
  'version', pg_catalog.current_setting('server_version_num')::int,
  'utc', pg_catalog.current_setting('TimeZone') IN ('UTC', 'Etc/UTC', 'GMT', 'Etc/GMT', 'UCT', 'Zulu'),
  'replicas', (SELECT count(*) FROM pg_catalog.pg_stat_replication),
  'types', (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('name', y.typname, 'kind', y.typtype,
              'base', pg_catalog.format_type(y.typbasetype, y.typtypmod),
              'constrained', y.typnotnull OR EXISTS (SELECT FROM pg_catalog.pg_constraint AS k WHERE k.contypid = y.oid)))
            FROM pg_catalog.pg_type AS y WHERE y.typtype IN ('d', 'e') AND y.typname = ANY ($1::text[])),
  'functions', (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(p.proname, p.provolatile))
                FROM pg_catalog.pg_proc AS p WHERE p.proname = ANY ($2::text[]))))";

template <class Visit>
void each(const Json& object, const char* key, const Visit& visit) {
  const auto found = object.find(key);
  if (found != object.end() && found->is_array())
    for (const Json& item : *found) visit(item);
}

std::vector<std::string> texts(const Json& object, const char* key) {
  std::vector<std::string> list;
  each(object, key, [&list](const Json& item) { list.push_back(item.get<std::string>()); });
  return list;
}

std::string text(const Json& object, const char* key) {
  return word(object, key);
}

Constraint constraint_from(const Json& object, const std::string& table) {
  Constraint made;
  made.name = text(object, "name");
  made.kind = text(object, "kind")[0];
  made.validated = flag(object, "valid");
  made.columns = texts(object, "columns");
  made.references = text(object, "references");
  if (made.kind != 'c') return made;
  made.mentions = std::exchange(made.columns, {});
  // What a CHECK proves is read from its text, as in a revision.
  const auto tree = parser::parse("ALTER TABLE " + quoted(table) + " ADD " + text(object, "text"));
  if (!tree) return made;
  for (const Action& action : actions_in("AlterTableStmt", content(*tree)))
    made.columns = constraint_in(*action.node, table).columns;
  return made;
}

// A column's type is read by the parser; the same text comes many times.
Type type_from(const std::string& text, std::map<std::string, Type>& seen) {
  const auto [at, is_new] = seen.try_emplace(text);
  if (is_new) at->second = type_written(text);
  return at->second;
}

Table table_from(const Json& object, std::map<std::string, Type>& types) {
  Table table;
  table.kind = text(object, "kind")[0];
  table.complete = true;
  if (object["rows"].is_number()) table.rows = object["rows"].get<double>();
  if (object["bytes"].is_number()) table.bytes = object["bytes"].get<std::int64_t>();
  table.index_bytes = object.value("index_bytes", std::int64_t{0});
  if (object["writes"].is_number()) table.writes_per_second = object["writes"].get<double>();
  table.parent = text(object, "parent");
  table.default_partition = text(object, "default");
  table.partitions = texts(object, "partitions");
  table.dependents = texts(object, "dependents");
  each(object, "columns", [&](const Json& one) {
    table.columns.push_back({one[0].get<std::string>(), type_from(one[1].get<std::string>(), types),
                             one[2].get<bool>()});
  });
  each(object, "constraints", [&](const Json& one) {
    table.constraints.push_back(constraint_from(one, text(object, "name")));
  });
  each(object, "indexes", [&](const Json& one) {
    table.indexes.push_back(
        {text(one, "name"), texts(one, "columns"), flag(one, "valid"), flag(one, "constraint")});
  });
  return table;
}

void read_rest(const Json& object, Knowledge& known) {
  known.server.version = object.value("version", 0);
  known.server.utc = flag(object, "utc");
  known.server.replicas = object.value("replicas", 0);
  each(object, "types", [&known](const Json& one) {
    if (text(one, "kind") == "e")
      known.enums[text(one, "name")] = false;
    else
      known.domains[text(one, "name")] = {type_written(text(one, "base")),
                                          flag(one, "constrained")};
  });
  each(object, "functions", [&known](const Json& one) {
    const Volatility found = one[1] == "v" ? Volatility::volatile_ : Volatility::stable;
    Volatility& worst = known.functions[one[0].get<std::string>()];
    worst = std::max(worst, found);
  });
}

}  // namespace

Knowledge ask(pg::Connection& connection, const std::vector<Subject>& subjects) {
  Names names;
  for (const Subject& subject : subjects) collect(subject.upgrade, names);
  Knowledge known;
  std::map<std::string, Type> types;
  const pg::Rows rows = connection.query(
      tables_query,
      {array_of(names.relations), array_of_quoted(names.relations), array_of(names.types)});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Json object = Json::parse(rows.text(i, 0));
    known.tables[text(object, "name")] = table_from(object, types);
  }
  for (const auto& [written, type] : types) names.types.insert(type.name);
  const pg::Rows rest =
      connection.query(rest_query, {array_of(names.types), array_of(names.functions)});
  read_rest(Json::parse(rest.text(0, 0)), known);
  return known;
}

bool has_table_of(pg::Connection& connection, std::int64_t bytes) {
  const pg::Rows rows = connection.query(
      "SELECT EXISTS (SELECT FROM pg_catalog.pg_class WHERE relkind IN ('r', 'm') AND relpages >= "
      "$1::bigint / pg_catalog.current_setting('block_size')::bigint)",
      {std::to_string(bytes)});
  return rows.flag(0, 0);
}

}  // namespace steward::safety
