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

// A partition that is in all else as its table makes it.
struct Partition {
  std::uint64_t line = 0;
  std::string name, bound;
  std::string of;  // the partition that it is one of; empty: of the table itself
  std::string partition_by, description;

  bool operator==(const Partition&) const = default;
};

struct Relation {
  std::uint64_t line = 0;
  std::string name;  // as it stands in SQL, with its schema where that is not public
  std::string purpose;
  std::uint64_t purpose_line = 0;
  std::vector<Column> columns;
  std::string inherits;      // names with commas: what they give is not among the columns
  std::string of_type;       // that gives the columns, which stand there all the same
  std::string partition_by;  // RANGE (taken_at)
  std::vector<Partition> partitions;
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

// A mark: what another name now had this one. The name is that of a part of the relation, or of an
// object of its own.
struct Was {
  enum class Of { part, object, label };
  std::uint64_t line = 0;
  Of of = Of::object;
  std::string object;  // the relation, index or enum, as it stands in SQL
  std::string part;    // the column, constraint or policy, as it stands in SQL; a label as its text
  std::string was;     // as it is written
};

struct Document {
  std::string file;
  std::vector<std::string> lines{};  // as they stand there, for messages
  std::vector<Relation> relations{};
  std::vector<Enum> enums{};
  std::vector<Sql> sql{};
  std::vector<Was> marks{};

  bool empty() const { return relations.empty() && enums.empty() && sql.empty(); }
};

}  // namespace steward::spec
