#include "runner/spec/statements.h"

#include <algorithm>

#include "runner/spec/cell.h"
#include "runner/text.h"

namespace steward::spec {
namespace {

using desired::Statement;

class Builder {
 public:
  explicit Builder(const Document& document) : document_(document) {}

  std::vector<Statement> build() {
    add("SET search_path = public", 1, "");
    for (const Enum& one : document_.enums) add_enum(one);
    for (const Relation& one : document_.relations) add_table(one);
    for (const Relation& one : document_.relations) add_rest(one);
    for (const Relation& one : document_.relations) add_relationships(one);
    for (const Sql& one : document_.sql) add_sql(one);
    return std::move(statements_);
  }

 private:
  Statement& add(const std::string& sql, std::uint64_t line, const std::string& about) {
    Statement statement;
    statement.sql = sql;
    // The first two words are all that anybody looks at.
    statement.words = sql.substr(0, sql.find(' ', sql.find(' ') + 1));
    statement.place = place_at(line);
    statement.about = about;
    statements_.push_back(std::move(statement));
    return statements_.back();
  }

  Place place_at(std::uint64_t line) const {
    Place place{document_.file, line, 0, 0, {}};
    if (line > 0 && line <= document_.lines.size())
      place.excerpt = printable(document_.lines[line - 1]);
    return place;
  }

  void comment(const std::string& target, const std::string& text, std::uint64_t line,
               const std::string& about) {
    if (!text.empty()) add("COMMENT ON " + target + " IS " + quote_literal(text), line, about);
  }

  void add_enum(const Enum& one) {
    std::vector<std::string> values;
    for (const std::string& value : one.values) values.push_back(quote_literal(value));
    const std::string about = "enum " + one.name;
    add("CREATE TYPE " + one.name + " AS ENUM (" + joined(values) + ")", one.line, about);
    comment("TYPE " + one.name, one.description, one.line, about);
  }

  void add_table(const Relation& one) {
    const std::string about = "table " + one.name;
    if (!one.inherits.empty() || !one.partition_by.empty()) return add_whole_table(one, about);
    add("CREATE TABLE " + one.name + " ()", one.line, about).chain = one.name;
    for (const Column& column : one.columns)
      add(column_statement(one, column), column.line, about + ", column " + column.name).chain =
          one.name;
    if (!one.of_type.empty())
      add("ALTER TABLE " + one.name + " OF " + one.of_type, one.line, about).chain = one.name;
  }

  // Parents and a partition key can only be named where the columns are.
  void add_whole_table(const Relation& one, const std::string& about) {
    std::string sql = "CREATE TABLE " + one.name + " (";
    for (const Column& column : one.columns)
      sql += (&column == &one.columns.front() ? "\n" : ",\n") + column_clause(column);
    sql += "\n)";
    if (!one.inherits.empty()) sql += " INHERITS (" + one.inherits + ")";
    if (!one.partition_by.empty()) sql += " PARTITION BY " + one.partition_by;
    Statement& statement = add(sql, one.line, about);
    statement.chain = one.name;
    statement.lines.push_back(statement.place);
    for (const Column& column : one.columns) statement.lines.push_back(place_at(column.line));
    statement.lines.push_back(statement.place);
    for (const Partition& partition : one.partitions) add_partition(one, partition);
  }

  void add_partition(const Relation& relation, const Partition& one) {
    add("CREATE TABLE " + one.name + " PARTITION OF " + (one.of.empty() ? relation.name : one.of) +
            ' ' + one.bound + (one.partition_by.empty() ? "" : " PARTITION BY " + one.partition_by),
        one.line, "table " + relation.name + ", partition " + one.name);
    comment("TABLE " + one.name, one.description, one.line,
            "table " + relation.name + ", partition " + one.name);
  }

  static std::string column_statement(const Relation& relation, const Column& column) {
    return "ALTER TABLE " + relation.name + " ADD COLUMN " + column_clause(column);
  }

  static std::string column_clause(const Column& column) {
    std::string sql = column.name + ' ' + column.type;
    if (lower(column.value).starts_with("generated "))
      sql += ' ' + column.value;
    else if (!column.value.empty())
      sql += " DEFAULT " + column.value;
    return column.nullable ? sql : sql + " NOT NULL";
  }

  void add_rest(const Relation& one) {
    const std::string about = "table " + one.name;
    comment("TABLE " + one.name, one.purpose, one.purpose_line, about);
    for (const Column& column : one.columns)
      comment("COLUMN " + one.name + '.' + column.name, column.description, column.line,
              about + ", column " + column.name);
    add_keys(one, about);
    for (const Constraint& constraint : one.constraints)
      add_constraint(one, constraint.name, constraint.definition, constraint.description,
                     constraint.line);
    for (const Index& index : one.indexes) add_index(one, index);
    add_policies(one);
  }

  // When all keys and indexes are there: which one a reference stands on is the server's choice.
  void add_relationships(const Relation& one) {
    for (const Relationship& relationship : one.relationships) add_relationship(one, relationship);
  }

  void add_keys(const Relation& one, const std::string& about) {
    std::vector<std::string> key;
    std::uint64_t line = 0;
    for (const Column& column : one.columns) {
      if (column.primary_key) key.push_back(column.name);
      if (column.primary_key && line == 0) line = column.line;
      if (column.unique)
        add("ALTER TABLE " + one.name + " ADD UNIQUE (" + column.name + ")", column.line,
            about + ", column " + column.name);
    }
    if (!key.empty())
      add("ALTER TABLE " + one.name + " ADD PRIMARY KEY (" + joined(key) + ")", line, about);
  }

  void add_constraint(const Relation& relation, const std::string& name,
                      const std::string& definition, const std::string& description,
                      std::uint64_t line) {
    const std::string about =
        "table " + relation.name + (name.empty() ? "" : ", constraint " + name);
    add("ALTER TABLE " + relation.name + " ADD " +
            (name.empty() ? "" : "CONSTRAINT " + name + ' ') + definition,
        line, about);
    comment("CONSTRAINT " + name + " ON " + relation.name, description, line, about);
  }

  void add_relationship(const Relation& relation, const Relationship& one) {
    add_constraint(relation, one.name,
                   "FOREIGN KEY (" + one.columns + ") REFERENCES " + one.references +
                       (one.rules.empty() ? "" : ' ' + one.rules),
                   one.description, one.line);
  }

  void add_index(const Relation& relation, const Index& one) {
    const std::string about = "table " + relation.name + ", index " + one.name;
    add(std::string("CREATE ") + (one.unique ? "UNIQUE " : "") + "INDEX " + one.name + " ON " +
            relation.name + (one.method.empty() ? "" : " USING " + one.method) + " (" +
            one.columns + ")" + (one.options.empty() ? "" : ' ' + one.options) +
            (one.where.empty() ? "" : " WHERE " + one.where),
        one.line, about);
    comment("INDEX " + schema_prefix(relation.name) + one.name, one.description, one.line, about);
  }

  void add_policies(const Relation& relation) {
    const RowSecurity state = relation.row_security;
    if (state == RowSecurity::enabled || state == RowSecurity::forced ||
        (state == RowSecurity::unsaid && !relation.policies.empty()))
      alter(relation, "ENABLE ROW LEVEL SECURITY");
    if (state == RowSecurity::forced) alter(relation, "FORCE ROW LEVEL SECURITY");
    for (const Policy& one : relation.policies) add_policy(relation, one);
  }

  void alter(const Relation& relation, const std::string& what) {
    add("ALTER TABLE " + relation.name + ' ' + what, relation.line, "table " + relation.name);
  }

  void add_policy(const Relation& relation, const Policy& one) {
    const std::string about = "table " + relation.name + ", policy " + one.name;
    add("CREATE POLICY " + one.name + " ON " + relation.name +
            (one.restrictive ? " AS RESTRICTIVE" : "") +
            (one.command.empty() ? "" : " FOR " + one.command) +
            (one.roles.empty() ? "" : " TO " + one.roles) +
            (one.reading.empty() ? "" : " USING (" + one.reading + ")") +
            (one.writing.empty() ? "" : " WITH CHECK (" + one.writing + ")"),
        one.line, about);
    comment("POLICY " + one.name + " ON " + relation.name, one.description, one.line, about);
  }

  // Privileges that new objects get are for those that come later than everything written here.
  void add_sql(const Sql& one) {
    for (Statement& statement :
         desired::statements_of(sql::source_of(one.text), document_.file, one.line)) {
      statement.at_the_end = statement.words.starts_with("ALTER DEFAULT PRIVILEGES");
      statements_.push_back(std::move(statement));
    }
  }

  const Document& document_;
  std::vector<Statement> statements_;
};

}  // namespace

std::string schema_prefix(const std::string& name) {
  const std::vector<std::string_view> parts = split_outside_quotes(name, '.');
  return parts.size() < 2 ? "" : std::string(parts[0]) + '.';
}

std::vector<desired::Statement> statements_of(const Document& document) {
  if (document.empty()) return {};
  return Builder(document).build();
}

}  // namespace steward::spec
