// Knowledge: what is known of the database that a statement will meet, from the revisions before it
// or from the database itself: tables with their columns and constraints, what uses which index and
// domain, sizes where a database was asked. What is not known is said to be so, and rules then
// assume the worse.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runner/safety/action.h"
#include "runner/safety/expression.h"
#include "runner/safety/type.h"

namespace steward::safety {

struct Column {
  std::string name;
  Type type;
  bool not_null = false;
};

// 'p' primary key, 'u' unique, 'f' foreign key, 'c' check, 'x' exclusion.
struct Constraint {
  std::string name;
  char kind = 'c';
  bool validated = true;
  std::vector<std::string> columns;   // of a check: those it proves to be not null
  std::vector<std::string> mentions;  // of a check: all that it names
  std::string references;             // of a foreign key
};

struct Index {
  std::string name;
  std::vector<std::string> columns;  // those it names, in keys, expressions and predicate
  bool valid = true;
  bool of_constraint = false;
};

struct Table {
  char kind = 'r';                    // r table, p partitioned, m materialized view, v view
  bool complete = false;              // all its columns and constraints are known
  bool created = false;               // by the revision that is looked at
  std::optional<double> rows;         // an estimate
  std::optional<std::int64_t> bytes;  // the table without its indexes
  std::int64_t index_bytes = 0;
  double writes_per_second = 0;  // since the statistics were last reset
  std::vector<Column> columns;
  std::vector<Constraint> constraints;
  std::vector<Index> indexes;
  std::string parent;             // of a partition
  std::string default_partition;  // of a partitioned table
  std::vector<std::string> partitions;
  std::vector<std::string> dependents;  // views and functions that a change may stumble over

  const Column* column(const std::string& name) const;
  const Constraint* constraint(const std::string& name) const;
  const Index* index(const std::string& name) const;
  bool is_indexed(const std::string& column) const;
  // By NOT NULL, or by a valid CHECK that says so.
  bool is_proven_not_null(const std::string& column) const;
  bool is_checked(const std::string& column) const;  // by a CHECK that names it
};

struct Domain {
  Type base;
  bool constrained = false;
};

struct Server {
  int version = 0;  // as 150020; 0: no database was asked
  bool utc = false;
  int replicas = 0;
};

class Knowledge {
 public:
  Server server;
  std::map<std::string, Table> tables;    // by plain(name)
  std::map<std::string, Domain> domains;  // by last name
  std::map<std::string, bool> enums;      // by last name; true: made by the revision looked at
  std::map<std::string, Volatility> functions;

  // nullptr: nothing is known of it.
  const Table* find(const std::string& relation) const;
  // The table that an index is on; empty: not known.
  std::string table_of_index(const std::string& index) const;
  std::vector<std::string> tables_with_type(const std::string& type) const;
  std::vector<std::string> tables_referencing(const std::string& relation) const;
  // Whether no row can be in the way: made by this revision, or seen to be empty.
  bool is_new_or_empty(const std::string& relation) const;

  bool is_constrained_domain(const Type& type) const;
  Type resolved(Type type) const;  // a domain without constraints is its base type
  Volatility volatility(const Json& expression) const;

  // The next revision begins: what is there now is no longer new.
  void settle();
  // The action has been done.
  void apply(const Action& action);

 private:
  void create(const Action& action);
  void apply_rename(const Action& action);
  void apply_to(Table& table, const Action& action);
  void apply_drop(const Action& action);
  void attach(const std::string& parent, const std::string& partition, bool is_default);
};

// As PostgreSQL names what has no name: t_a_b_key.
std::string default_name(const std::string& relation, const std::vector<std::string>& columns,
                         const std::string& suffix);
// Of an ALTER TABLE ADD CONSTRAINT or a table's element.
Constraint constraint_in(const Json& node, const std::string& relation,
                         const std::string& column = {});

}  // namespace steward::safety
