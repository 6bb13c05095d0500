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

const Rule& rule_of(const Fact& fact);

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

// parentage.cpp: how a table gets its parents, and what it keeps of those it had
void change_parentage(Builder& builder, const Fact& from, const Fact& to);
// ATTACH PARTITION of one that is made.
void attach_new(Builder& builder, const Fact& partition);
// A partition that goes is detached first where a foreign key refers to the whole: the server drops
// it no other way.
void detach_referenced(Builder& builder, const Fact& partition);
// The parents that a table in both schemas is taken away from at first and given to at last, by id.
// A partition that is only bound otherwise under the same parent is in neither.
struct Ties {
  std::vector<std::string> cut;
  std::vector<std::string> tied;
};
Ties ties_of(const Builder& builder, const std::string& table);
// Destroyed when the child is taken away from the parent, produced when it is given to it.
std::string bond(const std::string& child, const std::string& parent);
// The constraints that a child has from this parent and those above it: checks, and the foreign
// keys of partitioned tables. One of each name.
std::vector<const Fact*> given_by(const Builder& builder, const Snapshot& snapshot,
                                  const std::string& parent);
// Whether children have this constraint from its table.
bool passes_on(const Snapshot& snapshot, const Fact& constraint);
// Whether a constraint of the new schema is one that its table had from a parent which it is taken
// away from: it stays behind, the table's own.
bool stays_behind(const Builder& builder, const Fact& constraint);
// Whether a table's own check of the old schema becomes that of the table it is attached to.
bool is_taken_over(const Builder& builder, const Fact& constraint);
// The tables in both schemas that come under this one by INHERIT and are to have the constraint
// from it alone: it is made when they are there.
std::vector<const Fact*> later_children(const Builder& builder, const Fact& constraint);
// Whether it is a partition's part of an index or a constraint that goes, its table staying: the
// part goes along.
bool goes_with_whole(const Builder& builder, const Fact& part);

// column.cpp
bool column_alterable(const Fact& from, const Fact& to, const Snapshot& known);
void create_column(Builder& builder, const Fact& fact);
void drop_column(Builder& builder, const Fact& fact);
// As CREATE TABLE and ADD COLUMN take it.
std::string column_definition(const Builder& builder, const Fact& fact);
// What has no place in that definition: statistics, storage, options.
void finish_column(Builder& builder, const Fact& fact);
std::string identity_clause(const Fact& column);
// The parents that the column's table has had and keeps all the while: their columns of that name,
// of the new schema, or of the old one where they go.
std::vector<const Fact*> kept_parents(const Builder& builder, const Fact& column);

// Warns where a child's column will be its own and should be its parents' alone, or the other way
// round: no statement says so of a column that is there.
void warn_of_declaration(Builder& builder, const Fact& column);

// What makes a column with rows of a relation as values needs that relation as it will be.
void need_rows(const Builder& builder, Action& action, const Fact& column);

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
// The parts of partitions go along with what is dropped.
void take_parts_along(const Builder& builder, Action& action, const Fact& whole);
// Whether it is made without the partitions' parts, because some have none or the server might take
// another: each is attached by a statement of its own.
bool made_alone(const Builder& builder, const Fact& whole);
// What there must be of partitions and their parts before it is made.
void make_whole(const Builder& builder, Action& action, const Fact& whole);
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

// base.cpp: base types, which go and come with the functions that read and write their values
void create_base_type(Builder& builder, const Fact& fact);
void drop_base_type(Builder& builder, const Fact& fact);
void drop_routine(Builder& builder, const Fact& fact);

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
void alter_trigger(Builder& builder, const Fact& from, const Fact& to);
bool policy_alterable(const Fact& from, const Fact& to, const Snapshot& known);
void create_policy(Builder& builder, const Fact& fact);
void alter_policy(Builder& builder, const Fact& from, const Fact& to);

}  // namespace steward::diff
