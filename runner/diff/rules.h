// One rule for each kind of fact: whether a change can be made in place, and the statements that
// make, destroy and change it. A new kind of object is a new rule, and nothing else.
#pragma once

#include <initializer_list>
#include <string_view>

#include "runner/diff/builder.h"

namespace steward::diff {

struct Rule {
  std::string_view kind;
  bool (*alterable)(const Fact& from, const Fact& to, const Snapshot& known);
  void (*create)(Builder& builder, const Fact& fact);
  void (*drop)(Builder& builder, const Fact& fact);
  // In place; also called for what is rebound: then the definitions may be the same.
  void (*alter)(Builder& builder, const Fact& from, const Fact& to);
};

const Rule& rule_of(std::string_view kind);

// Whether the definitions differ in nothing but these attributes and what can be said of any object
// (owner, privileges, comment).
bool differs_only_in(const Fact& from, const Fact& to,
                     std::initializer_list<std::string_view> attributes);
// Whether this attribute differs.
bool differs(const Fact& from, const Fact& to, const char* attribute);

// "(fillfactor = 70, ...)", empty for none. For SET and WITH.
std::string option_list(const Json& options);
// ALTER ... SET (...) and RESET (...) from one set of options to another.
std::vector<std::string> option_changes(const std::string& alter, const Json& from, const Json& to);
// "OPTIONS (ADD a 'x', SET b 'y', DROP c)" of foreign objects; empty for no change.
std::string foreign_options(const Json& from, const Json& to);

// DROP <kind> <identity>, unless it goes with its parent.
void drop_plainly(Builder& builder, const Fact& fact);

// table.cpp
bool table_alterable(const Fact& from, const Fact& to, const Snapshot& known);
void create_table(Builder& builder, const Fact& fact);
void drop_table(Builder& builder, const Fact& fact);
void alter_table(Builder& builder, const Fact& from, const Fact& to);
// "TABLE x" or "FOREIGN TABLE x", of the table a column or constraint belongs to.
std::string alter_target(const Fact& part);
// Where the table of this fact in the new schema is made by this very script.
bool table_comes(const Builder& builder, const Fact& part);
// The tables that a table has as parents, as ids.
std::vector<std::string> parents_of(const Snapshot& snapshot, const std::string& table);
// Those that have it as a parent.
std::vector<const Fact*> children_of(const Snapshot& snapshot, const std::string& table);

// column.cpp
bool column_alterable(const Fact& from, const Fact& to, const Snapshot& known);
void create_column(Builder& builder, const Fact& fact);
void drop_column(Builder& builder, const Fact& fact);
// As CREATE TABLE and ADD COLUMN take it.
std::string column_definition(const Builder& builder, const Fact& fact);
// What has no place in that definition: statistics, storage, options.
void finish_column(Builder& builder, const Fact& fact);
std::string identity_clause(const Fact& column);
// The parents that the column's table has had and keeps all the while: their columns of that name.
std::vector<const Fact*> kept_parents(const Builder& builder, const Fact& column);

// alteration.cpp: a column that stays
void alter_column(Builder& builder, const Fact& from, const Fact& to);
// Whether the column's type is destroyed and made again under it.
bool type_replaced(const Builder& builder, const Fact& from, const Fact& to);

// constraint.cpp
bool constraint_alterable(const Fact& from, const Fact& to, const Snapshot& known);
void create_constraint(Builder& builder, const Fact& fact);
void drop_constraint(Builder& builder, const Fact& fact);
void alter_constraint(Builder& builder, const Fact& from, const Fact& to);
// Whether CREATE TABLE itself makes it.
bool inline_constraint(const Builder& builder, const Fact& fact);
// Whether it may go before the rest of a table that goes, where it stands in a cycle.
bool can_stand_apart(const Fact& fact);
void finish_constraint(Builder& builder, const Fact& fact);

// index.cpp
bool index_alterable(const Fact& from, const Fact& to, const Snapshot& known);
void create_index(Builder& builder, const Fact& fact);
void drop_index(Builder& builder, const Fact& fact);
void alter_index(Builder& builder, const Fact& from, const Fact& to);
// ALTER INDEX ... ATTACH PARTITION, where neither the table's own attachment nor the making of the
// parent's index finds it.
void attach_index(Builder& builder, const Fact& fact, const std::string& index);
// CLUSTER ON and REPLICA IDENTITY, which tables keep of their indexes.
void mark_index(Builder& builder, const Fact& fact, const std::string& index, const Fact* before);

// type.cpp: types, domains, and collations, which columns have in the same way
bool type_alterable(const Fact& from, const Fact& to, const Snapshot& known);
void create_type(Builder& builder, const Fact& fact);
void drop_type(Builder& builder, const Fact& fact);
void alter_type(Builder& builder, const Fact& from, const Fact& to);

// sequence.cpp
bool sequence_alterable(const Fact& from, const Fact& to, const Snapshot& known);
void create_sequence(Builder& builder, const Fact& fact);
void drop_sequence(Builder& builder, const Fact& fact);
void alter_sequence(Builder& builder, const Fact& from, const Fact& to);
// "START WITH 1 INCREMENT BY 1 ...", what differs from before, or from the defaults of the type.
std::string sequence_options(const Json& before, const Json& after, const std::string& type);
Json default_sequence(const std::string& type, const Json& like);

// view.cpp
bool view_alterable(const Fact& from, const Fact& to, const Snapshot& known);
void create_view(Builder& builder, const Fact& fact);
void alter_view(Builder& builder, const Fact& from, const Fact& to);

// routine.cpp
bool routine_alterable(const Fact& from, const Fact& to, const Snapshot& known);
void create_routine(Builder& builder, const Fact& fact);
void alter_routine(Builder& builder, const Fact& from, const Fact& to);

// attached.cpp: triggers, rules, policies
bool trigger_alterable(const Fact& from, const Fact& to, const Snapshot& known);
void create_trigger(Builder& builder, const Fact& fact);
void drop_trigger(Builder& builder, const Fact& fact);
void alter_trigger(Builder& builder, const Fact& from, const Fact& to);
bool policy_alterable(const Fact& from, const Fact& to, const Snapshot& known);
void create_policy(Builder& builder, const Fact& fact);
void alter_policy(Builder& builder, const Fact& from, const Fact& to);

}  // namespace steward::diff
