#include <algorithm>

#include "runner/diff/remarks.h"
#include "runner/diff/rules.h"
#include "runner/text.h"

namespace steward::diff {
namespace {

constexpr std::string_view not_valid = " NOT VALID";

bool of_domain(const Fact& fact) {
  return fact.parent.starts_with("domain ");
}

std::string without_validity(std::string definition) {
  if (definition.ends_with(not_valid)) definition.resize(definition.size() - not_valid.size());
  return definition;
}

// What ALTER CONSTRAINT can change: when a foreign key is checked.
std::string timing(const std::string& definition) {
  const std::size_t at = std::min(definition.find(" DEFERRABLE"), definition.find(" INITIALLY"));
  return at == definition.npos ? "" : definition.substr(at);
}

std::string without_timing(const std::string& definition) {
  const std::string rest = timing(definition);
  return definition.substr(0, definition.size() - rest.size());
}

bool only_validated(const Fact& from, const Fact& to) {
  return from.text("definition") == to.text("definition") + std::string(not_valid);
}

bool only_timed(const Fact& from, const Fact& to) {
  return to.text("type") == "foreign key" &&
         without_timing(without_validity(from.text("definition"))) ==
             without_timing(without_validity(to.text("definition"))) &&
         from.text("definition").ends_with(not_valid) == to.text("definition").ends_with(not_valid);
}

std::string owner_of(const Fact& fact) {
  return of_domain(fact) ? "ALTER " + upper(fact.parent.substr(0, 7)) + fact.parent.substr(7)
                         : "ALTER " + alter_target(fact);
}

void comment_index(Builder& builder, const Fact& fact, const std::string& text) {
  builder.add(builder.remark(fact, "COMMENT ON INDEX " + fact.text("index") + " IS " +
                                       (text.empty() ? "NULL" : quote_literal(text))));
}

// "UNIQUE (a, b)" and "PRIMARY KEY (a, b)" -> "(a, b)"
std::string key_of(const Fact& fact) {
  const std::string definition = fact.text("definition");
  const std::size_t open = definition.find('(');
  return open == definition.npos ? "" : definition.substr(open);
}

// CREATE TABLE makes one index of two constraints with the same key, and ATTACH PARTITION takes the
// older of two: the one that is not attached, or the one that is no primary key, comes later.
bool repeats_another(const Builder& builder, const Fact& fact) {
  if (!fact.has("index")) return false;
  for (const Fact* other : builder.parts(builder.to, fact.parent)) {
    if (other->id == fact.id || !other->has("index") || key_of(*other) != key_of(fact)) continue;
    if (fact.has("attached_to") != other->has("attached_to")) return !fact.has("attached_to");
    return fact.text("type") != "primary key";
  }
  return false;
}

}  // namespace

bool constraint_alterable(const Fact& from, const Fact& to, const Snapshot&) {
  if (differs_only_in(from, to,
                      {"definition", "options", "clustered", "replica_identity", "index_comment",
                       "invalid", "attached_to", "valid_in"}))
    return !differs(from, to, "definition") || only_validated(from, to) || only_timed(from, to);
  return false;
}

bool inline_constraint(const Builder& builder, const Fact& fact) {
  return builder.plan.comes(fact.parent) && fact.text("type") != "foreign key" &&
         fact.text("type") != "exclude" && !fact.flag("invalid") &&
         !builder.apart.contains(fact.id) && !fact.has("options") && !fact.has("tablespace") &&
         !fact.text("definition").ends_with(not_valid) && !repeats_another(builder, fact) &&
         later_children(builder, fact).empty();
}

// Added to its parent, a check that is not validated is so in no child; some have been since.
void validate_below(Builder& builder, const Fact& fact) {
  for (const Json& table : fact.value("valid_in")) {
    const std::string name = table.get<std::string>();
    const Fact* child = table_named(builder.to, name);
    if (builder.plan.comes(child->id) && is_partition(*child)) continue;  // made with it
    Action action =
        builder.remark(fact, "ALTER TABLE " + name + " VALIDATE CONSTRAINT " + own_name(fact));
    action.needs.push_back(child->id);
    builder.add(std::move(action));
  }
}

void finish_constraint(Builder& builder, const Fact& fact) {
  for (const std::string& sql :
       option_changes("ALTER INDEX " + fact.text("index"), {}, fact.value("options")))
    builder.add(builder.remark(fact, sql));
  if (fact.has("tablespace"))
    builder.add(builder.remark(
        fact, "ALTER INDEX " + fact.text("index") + " SET TABLESPACE " + fact.text("tablespace")));
  if (fact.has("index_comment")) comment_index(builder, fact, fact.text("index_comment"));
  attach_index(builder, fact, fact.text("index"));
  mark_index(builder, fact, own_name(fact), nullptr);
  remark_new(builder, fact);
}

bool can_stand_apart(const Fact& fact) {
  return fact.text("type") == "foreign key" || fact.text("type") == "check";
}

namespace {

// What is inherited as well goes when the parent's does, or its table is no longer the parent's.
void follow_parents(const Builder& builder, Action& action, const Fact& fact) {
  for (const std::string& parent : parents_of(builder.from, fact.parent)) {
    action.follows.push_back(bond(fact.parent, parent));
    for (const Fact* given : given_by(builder, builder.from, parent))
      if (own_name(*given) == own_name(fact)) action.follows.push_back(given->id);
  }
}

// What the children have of that name makes way before they are given this one.
void follow_children(const Builder& builder, Action& action, const Fact& fact) {
  if (!passes_on(builder.to, fact)) return;
  for (const Fact* child : builder.descendants(builder.to, fact.parent)) {
    const std::string own = "constraint " + own_name(fact) + " ON " + child->identity;
    if (builder.plan.goes(own)) action.follows.push_back(own);
  }
  for (const Fact* child : later_children(builder, fact))
    for (const std::string& parent : ties_of(builder, child->id).tied)
      action.needs.push_back(bond(child->id, parent));
}

}  // namespace

void create_constraint(Builder& builder, const Fact& fact) {
  if (inline_constraint(builder, fact)) return;
  if (stays_behind(builder, fact)) {
    Action action = builder.creation(fact, "");
    for (const std::string& parent : ties_of(builder, fact.parent).cut)
      action.follows.push_back(bond(fact.parent, parent));
    builder.add(std::move(action));
    finish_constraint(builder, fact);
    return;
  }
  std::string owner = owner_of(fact);
  // Left without the partitions' parts: each is attached when it is there.
  if (fact.flag("invalid")) owner.replace(0, sizeof("ALTER TABLE") - 1, "ALTER TABLE ONLY");
  Action action = builder.creation(
      fact, owner + " ADD CONSTRAINT " + own_name(fact) + ' ' + fact.text("definition"));
  make_whole(builder, action, fact);
  follow_children(builder, action, fact);
  builder.add(std::move(action));
  validate_below(builder, fact);
  finish_constraint(builder, fact);
}

void drop_constraint(Builder& builder, const Fact& fact) {
  const bool apart = builder.apart.contains(fact.id) && can_stand_apart(fact);
  if ((builder.goes_with_parent(fact) && !apart) || goes_with_whole(builder, fact)) return;
  if (is_taken_over(builder, fact)) return;
  Action action = builder.destruction(fact, owner_of(fact) + " DROP CONSTRAINT " + own_name(fact));
  take_parts_along(builder, action, fact);
  follow_parents(builder, action, fact);
  builder.add(std::move(action));
}

void alter_constraint(Builder& builder, const Fact& from, const Fact& to) {
  if (differs(from, to, "valid_in") && !only_validated(from, to)) validate_below(builder, to);
  if (only_validated(from, to))
    builder.add(builder.remark(to, owner_of(to) + " VALIDATE CONSTRAINT " + own_name(to)));
  else if (differs(from, to, "definition")) {
    const std::string when = timing(without_validity(to.text("definition")));
    builder.add(builder.remark(to, owner_of(to) + " ALTER CONSTRAINT " + own_name(to) +
                                       (when.empty() ? " NOT DEFERRABLE" : when)));
  }
  for (const std::string& sql : option_changes("ALTER INDEX " + to.text("index"),
                                               from.value("options"), to.value("options")))
    builder.add(builder.remark(to, sql));
  if (from.text("index_comment") != to.text("index_comment"))
    comment_index(builder, to, to.text("index_comment"));
  if (!from.has("attached_to")) attach_index(builder, to, to.text("index"));
  mark_index(builder, to, own_name(to), &from);
  remark_changed(builder, from, to);
}

}  // namespace steward::diff
