// A safety rule: its id, which names its page docs/rules/<id>.md, how severe it is, and the check
// that it is. A rule looks at one action at a time, or at a whole revision; it sees what is known
// of the database before the statement. New and empty tables are never blamed: scene.in_use() asks.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runner/safety/cost.h"
#include "runner/safety/finding.h"
#include "runner/safety/refine.h"
#include "runner/safety/tree.h"

namespace steward::safety {

// What a check says; the rest of a finding is the caller's.
struct Found {
  std::string object;
  std::string message;
  std::string hint;
  std::string fix;
  std::optional<Severity> severity{};  // where it is not the rule's own
  int statement = 0;                   // of a check of the whole revision
};
using Verdict = std::optional<Found>;

struct Scene {
  const Knowledge& known;  // before the statement
  const Script& script;
  const Statement& statement;
  const Action& action;
  const Effects& effects;  // refined
  const Limits& limits;

  const Json& node() const { return *action.node; }
  const std::string& relation() const { return action.relation; }
  bool in_use(const std::string& relation) const { return !known.is_new_or_empty(relation); }
  bool in_use() const { return in_use(action.relation); }
  const Table* table() const { return known.find(action.relation); }
  bool is(What what) const { return action.what == what; }
};

// A whole revision. effects: of each statement, without those on tables nobody can be waiting for.
struct Review {
  const Knowledge& after;
  const Script& upgrade;
  const Script* downgrade;  // nullptr: there is none
  bool irreversible = false;
  bool has_file = true;  // false: a bare script, which is asked for no downgrade
  std::vector<Effects> effects{};
  const Limits& limits;
};

struct Rule {
  std::string_view id;
  Severity severity;
  bool enabled;
  // All its harm is that others wait: where the size is known and the wait short, it is a note.
  bool harm_is_waiting;
  std::string_view summary;
  Verdict (*look)(const Scene&) = nullptr;
  std::vector<Found> (*review)(const Review&) = nullptr;
  bool judges_unread = false;  // a review that asks nothing of the upgrade's statements
};

// The rooms, each in runner/safety/rules/.
std::span<const Rule> column_rules();
std::span<const Rule> alteration_rules();
std::span<const Rule> constraint_rules();
std::span<const Rule> index_rules();
std::span<const Rule> drop_rules();
std::span<const Rule> rename_rules();
std::span<const Rule> partition_rules();
std::span<const Rule> table_rules();
std::span<const Rule> access_rules();
std::span<const Rule> data_rules();
std::span<const Rule> transaction_rules();
std::span<const Rule> timeout_rules();
std::span<const Rule> revision_rules();
std::span<const Rule> size_rules();
std::span<const Rule> style_rules();

// For messages and for the SQL of fixes.
std::string quoted(const std::string& name);  // a possibly qualified name, quoted where it must be
std::string column_name(const Scene& scene);  // relation.column
std::string joined_columns(const std::vector<std::string>& columns);  // a, b
std::string alter(const Scene& scene);  // ALTER TABLE relation, and a blank

}  // namespace steward::safety
