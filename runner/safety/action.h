// Actions: what a statement does, one by one: ALTER TABLE with three parts is three. Rules look at
// actions, so that each need not know how the grammar puts them.
#pragma once

#include <string>
#include <vector>

#include "runner/json.h"

namespace steward::safety {

enum class What {
  other,
  unknown,  // the grammar does not know the statement
  create_table,
  create_partition,
  create_table_as,
  create_view,
  create_index,
  create_trigger,
  create_policy,
  create_domain,
  create_enum,
  create_function,
  drop_table,
  drop_view,
  drop_index,
  drop_trigger,
  drop_schema,
  drop_database,
  drop_type,
  drop_other,
  truncate,
  rename,  // node: RenameStmt
  set_schema,
  add_column,   // object: the column; node: ColumnDef
  drop_column,  // object: the column
  alter_type,   // likewise; node: ColumnDef
  set_not_null,
  drop_not_null,
  set_default,
  drop_default,
  add_identity,
  add_constraint,   // object: its name, may be empty; node: Constraint
  drop_constraint,  // object: its name
  validate_constraint,
  attach_partition,  // object: the partition
  detach_partition,  // likewise
  set_logged,
  set_unlogged,
  set_tablespace,
  set_access_method,
  enable_row_security,
  disable_trigger,
  alter_table_other,
  alter_domain,
  enum_add_value,
  enum_rename_value,
  reindex,
  refresh,
  vacuum,
  analyze,
  cluster,
  lock_table,
  alter_sequence,
  insert,
  update,
  delete_rows,
  merge,
  copy_in,
  select,
  run_block,  // DO
  call,
  transaction,
  set_variable,
  grant,
  role,
  comment,
};

struct Action {
  What what = What::other;
  std::string relation;  // without public.; empty where none is named
  std::string object;    // the column, constraint, index, type, schema: see above
  const Json* node;      // the part of the tree; lives as long as the tree
  bool cascade = false;
  bool if_exists = false;
};

// kind: the statement node's name.
std::vector<Action> actions_in(const std::string& kind, const Json& node);

// A name without the schema public, by which tables are known here.
std::string plain(std::string name);

}  // namespace steward::safety
