// A spec as data: what its tables and sections say, each with the line it stands on. It holds SQL
// as it was written and knows nothing of Markdown; what it cannot say of a schema stands in it as
// plain SQL. docs/spec.md describes it for users.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace steward::spec {

struct Column {
  std::uint64_t line = 0;
  std::string name, type;
  bool nullable = true;
  std::string value;  // the default, or "generated ... "
  bool primary_key = false, unique = false, foreign_key = false;
  std::string description;

  bool operator==(const Column&) const = default;
};

// Primary keys and unique constraints that the Key column cannot say, checks, exclusions.
struct Constraint {
  std::uint64_t line = 0;
  std::string name, definition, description;

  bool operator==(const Constraint&) const = default;
};

struct Relationship {
  std::uint64_t line = 0;
  std::string columns, references, rules, name, description;

  bool operator==(const Relationship&) const = default;
};

struct Index {
  std::uint64_t line = 0;
  std::string name, columns;
  bool unique = false;
  std::string method, options, where, description;

  bool operator==(const Index&) const = default;
};

struct Policy {
  std::uint64_t line = 0;
  std::string name, command;
  bool restrictive = false;
  std::string roles, reading, writing, description;  // USING, WITH CHECK

  bool operator==(const Policy&) const = default;
};

// unsaid: enabled when there are policies, off otherwise.
enum class RowSecurity { unsaid, off, enabled, forced };

struct Relation {
  std::uint64_t line = 0;
  std::string name;  // as it stands in SQL, with its schema where that is not public
  std::string purpose;
  std::uint64_t purpose_line = 0;
  std::vector<Column> columns;
  std::vector<Constraint> constraints;
  std::vector<Relationship> relationships;
  std::vector<Index> indexes;
  std::vector<Policy> policies;
  RowSecurity row_security = RowSecurity::unsaid;

  bool operator==(const Relation&) const = default;
};

struct Enum {
  std::uint64_t line = 0;
  std::string name;
  std::vector<std::string> values;
  std::string description;

  bool operator==(const Enum&) const = default;
};

struct Sql {
  std::uint64_t line = 0;  // of the text's first line
  std::string text;

  bool operator==(const Sql&) const = default;
};

struct Document {
  std::string file;
  std::vector<std::string> lines{};  // as they stand there, for messages
  std::vector<Relation> relations{};
  std::vector<Enum> enums{};
  std::vector<Sql> sql{};

  bool empty() const { return relations.empty() && enums.empty() && sql.empty(); }
};

}  // namespace steward::spec
