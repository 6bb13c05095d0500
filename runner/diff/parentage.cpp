#include <algorithm>

#include "runner/diff/rules.h"

namespace steward::diff {
namespace {

constexpr int attach_rank = 57;
constexpr int first_rank = -100;  // before all others

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string identity_of(const std::string& table) {
  return table.substr(table.find("table ") + sizeof("table ") - 1);
}

// The id that a constraint of this name has on that table.
std::string namesake(const Fact& constraint, const std::string& table) {
  return "constraint " + own_name(constraint) + " ON " + table;
}

bool same_constraint(const Fact& a, const Fact& b) {
  return a.text("type") == b.text("type") && a.text("definition") == b.text("definition");
}

bool is_check(const Fact& constraint) {
  return constraint.text("type") == "check";
}

// Of a list of constraints the one with that name; nullptr: none has it.
const Fact* find_name(const std::vector<const Fact*>& constraints, const Fact& constraint) {
  for (const Fact* other : constraints)
    if (own_name(*other) == own_name(constraint)) return other;
  return nullptr;
}

std::vector<const Fact*> given_by_all(const Builder& builder, const Snapshot& snapshot,
                                      const std::vector<std::string>& parents) {
  std::vector<const Fact*> given;
  for (const std::string& parent : parents)
    for (const Fact* constraint : given_by(builder, snapshot, parent))
      if (find_name(given, *constraint) == nullptr) given.push_back(constraint);
  return given;
}

// What the constraint would need as one of that table: its own columns in place of the parent's.
std::vector<std::string> needs_in(const Fact& constraint, const Fact& table) {
  std::vector<std::string> needs;
  const std::string from = "column " + relation(constraint) + ".";
  for (const std::string& need : constraint.needs) {
    if (need.starts_with(from))
      needs.push_back("column " + table.identity + "." + need.substr(from.size()));
    else if (need != constraint.parent)
      needs.push_back(need);
  }
  return needs;
}

// A check of a table that stays while what it reads stays.
bool keeps_standing(const Builder& builder, const Fact& constraint, const Fact& table) {
  const auto needs = needs_in(constraint, table);
  return std::none_of(needs.begin(), needs.end(),
                      [&](const std::string& need) { return builder.plan.goes(need); });
}

// What a table taken away from its old parents has from them, and from no other.
std::vector<const Fact*> left_behind(const Builder& builder, const Fact& before,
                                     const std::vector<std::string>& cut) {
  std::vector<std::string> kept;
  for (const std::string& parent : parents_of(builder.from, before.id))
    if (!holds(cut, parent)) kept.push_back(parent);
  const auto still = given_by_all(builder, builder.from, kept);
  std::vector<const Fact*> left;
  for (const Fact* constraint : given_by_all(builder, builder.from, cut))
    if (find_name(still, *constraint) == nullptr &&
        builder.from.find(namesake(*constraint, before.identity)) == nullptr)
      left.push_back(constraint);
  return left;
}

// Whether the table will be attached to one that gives it this check, so that it stays as it is.
bool given_again(const Builder& builder, const Fact& constraint, const Fact& table) {
  if (!is_check(constraint) || !is_partition(table)) return false;
  const Fact* given =
      find_name(given_by_all(builder, builder.to, ties_of(builder, table.id).tied), constraint);
  return given != nullptr && same_constraint(*given, constraint) &&
         keeps_standing(builder, constraint, table);
}

// What is left behind and not wanted goes when the table is away from its parents.
void drop_left_behind(Builder& builder, const Fact& before, const Fact& after,
                      const std::vector<std::string>& cut) {
  for (const Fact* constraint : left_behind(builder, before, cut)) {
    const std::string id = namesake(*constraint, before.identity);
    const Fact* own = builder.to.find(id);
    if (own != nullptr ? stays_behind(builder, *own) : given_again(builder, *constraint, after))
      continue;
    Action action = builder.remark(
        before, "ALTER " + target(before) + " DROP CONSTRAINT " + own_name(*constraint));
    action.key = id;
    action.rank = -attach_rank;
    action.needs.clear();
    action.destroys.push_back(id);
    action.releases = needs_in(*constraint, before);
    for (const std::string& parent : cut) action.follows.push_back(bond(before.id, parent));
    builder.add(std::move(action));
  }
}

// ATTACH PARTITION wants the checks of the parents to be there.
void add_missing(Builder& builder, const Fact& before, const Fact& after, const Ties& ties) {
  const auto left = left_behind(builder, before, ties.cut);
  for (const Fact* check : given_by_all(builder, builder.to, ties.tied)) {
    const std::string id = namesake(*check, after.identity);
    const Fact* had = builder.from.find(id);
    if (had == nullptr) had = find_name(left, *check);
    if (!is_check(*check) || builder.to.find(id) != nullptr ||
        (had != nullptr && same_constraint(*had, *check) && keeps_standing(builder, *check, after)))
      continue;
    Action action = builder.remark(after, "ALTER " + target(after) + " ADD CONSTRAINT " +
                                              own_name(*check) + ' ' + check->text("definition"));
    action.key = id;
    action.rank = rank_of(*check);
    action.produces.push_back(id);
    append(action.needs, needs_in(*check, after));
    builder.add(std::move(action));
  }
}

// Everything of parent and partition that ATTACH PARTITION compares or takes over.
void need_for_attachment(const Builder& builder, Action& action, const std::string& table,
                         bool with_indexes) {
  action.needs.push_back(table);
  for (const Fact* part : builder.parts(builder.to, table))
    if (part->kind == "column" || (with_indexes && part->has("attached_to")) ||
        (part->kind == "constraint" && part->text("type") == "check"))
      action.needs.push_back(part->id);
}

void attach(Builder& builder, const Fact& fact, const std::string& parent) {
  Action action =
      builder.remark(fact, "ALTER TABLE ONLY " + identity_of(parent) + " ATTACH PARTITION " +
                               fact.identity + ' ' + fact.text("bound"));
  action.rank = attach_rank;
  action.produces = {"attached " + fact.id, bond(fact.id, parent)};
  action.follows = {"attached " + fact.id};
  need_for_attachment(builder, action, parent, false);
  need_for_attachment(builder, action, fact.id, true);
  for (const Fact* check : given_by(builder, builder.to, parent))
    action.needs.push_back(namesake(*check, fact.identity));
  builder.add(std::move(action));
}

// What the parents give goes from this table by no statement of theirs once it is away.
void release_given(const Builder& builder, Action& action, const std::string& parent) {
  action.releases.push_back(parent);
  for (const Fact* constraint : given_by(builder, builder.from, parent))
    action.releases.push_back(constraint->id);
}

void detach(Builder& builder, const Fact& fact, const std::string& parent) {
  Action action = builder.remark(
      fact, "ALTER TABLE ONLY " + identity_of(parent) + " DETACH PARTITION " + fact.identity);
  action.needs.clear();
  action.rank = -attach_rank;
  action.destroys = {"attached " + fact.id, bond(fact.id, parent)};
  action.releases = {fact.id};
  release_given(builder, action, parent);
  for (const Fact* part : builder.parts(builder.from, fact.id))
    if (part->has("attached_to")) {
      action.releases.push_back(part->text("attached_to"));
      action.releases.push_back(part->id);
    }
  builder.add(std::move(action));
}

// Another bound under the same parent, before anything else: what then changes in the parent
// reaches this partition as it does the others. Those that make room for it go first, so that
// nothing comes between.
void rebind(Builder& builder, const Fact& from, const Fact& to, const std::string& parent) {
  const std::string alter = "ALTER TABLE ONLY " + identity_of(parent);
  Action away = builder.remark(from, alter + " DETACH PARTITION " + from.identity);
  away.needs.clear();
  away.rank = first_rank;
  away.destroys.push_back("attached " + from.id);
  Action back =
      builder.remark(to, alter + " ATTACH PARTITION " + to.identity + ' ' + to.text("bound"));
  back.needs.clear();
  back.rank = first_rank + 1;
  back.produces.push_back("attached " + to.id);
  for (const Fact* sibling : builder.children(builder.from, parent)) {
    back.follows.push_back("attached " + sibling->id);
    if (builder.plan.goes(sibling->id)) away.follows.push_back(sibling->id);
  }
  builder.add(std::move(away));
  builder.add(std::move(back));
}

void inherit(Builder& builder, const Fact& fact, const std::string& parent) {
  Action action = builder.remark(fact, "ALTER " + target(fact) + " INHERIT " + identity_of(parent));
  action.rank = attach_rank;
  action.produces.push_back(bond(fact.id, parent));
  need_for_attachment(builder, action, parent, false);
  need_for_attachment(builder, action, fact.id, false);
  for (const Fact* check : given_by(builder, builder.to, parent)) {
    const auto later = later_children(builder, *check);
    if (std::any_of(later.begin(), later.end(),
                    [&](const Fact* child) { return child->id == fact.id; }))
      std::erase(action.needs, check->id);
  }
  builder.add(std::move(action));
}

void disinherit(Builder& builder, const Fact& fact, const std::string& parent) {
  Action action =
      builder.remark(fact, "ALTER " + target(fact) + " NO INHERIT " + identity_of(parent));
  action.needs.clear();
  action.rank = -attach_rank;
  action.destroys.push_back(bond(fact.id, parent));
  action.releases = {fact.id};
  release_given(builder, action, parent);
  for (const Fact* part : builder.parts(builder.from, parent)) action.releases.push_back(part->id);
  for (const Fact* part : builder.parts(builder.from, fact.id))
    if (part->flag("inherited")) action.releases.push_back(part->id);
  builder.add(std::move(action));
}

// Whether it stays where it is, but for its bound.
bool only_rebound(const Builder& builder, const Fact& from, const Fact& to) {
  return is_partition(from) && is_partition(to) && !differs(from, to, "inherits") &&
         !builder.plan.rebound.contains(to.id);
}

}  // namespace

std::string bond(const std::string& child, const std::string& parent) {
  return "bond of " + child + " to " + parent;
}

bool passes_on(const Snapshot& snapshot, const Fact& constraint) {
  if (constraint.text("type") == "foreign key") {
    const Fact* table = snapshot.find(constraint.parent);
    return table != nullptr && table->has("partition_by");
  }
  const std::string definition = constraint.text("definition");
  return is_check(constraint) && !constraint.parent.starts_with("domain ") &&
         !definition.ends_with(" NO INHERIT") && !definition.ends_with(" NO INHERIT NOT VALID");
}

std::vector<const Fact*> given_by(const Builder& builder, const Snapshot& snapshot,
                                  const std::string& parent) {
  std::vector<const Fact*> given;
  for (const Fact* part : builder.parts(snapshot, parent))
    if (part->kind == "constraint" && passes_on(snapshot, *part)) given.push_back(part);
  for (const Fact* more : given_by_all(builder, snapshot, parents_of(snapshot, parent)))
    if (find_name(given, *more) == nullptr) given.push_back(more);
  return given;
}

Ties ties_of(const Builder& builder, const std::string& table) {
  Ties ties;
  const Fact *from = builder.from.find(table), *to = builder.to.find(table);
  if (from == nullptr || to == nullptr || builder.plan.replaced.contains(table)) return ties;
  const bool again = builder.plan.rebound.contains(table);
  if (only_rebound(builder, *from, *to) && !again) return ties;
  const auto before = parents_of(builder.from, table), after = parents_of(builder.to, table);
  const bool partition = is_partition(*from) || is_partition(*to);
  const bool all =
      partition && (again || differs(*from, *to, "bound") || differs(*from, *to, "inherits"));
  for (const std::string& parent : before)
    if (all || !holds(after, parent) || (again && builder.plan.goes(parent)))
      ties.cut.push_back(parent);
  for (const std::string& parent : after)
    if (all || !holds(before, parent) || (again && builder.plan.comes(parent)))
      ties.tied.push_back(parent);
  return ties;
}

bool stays_behind(const Builder& builder, const Fact& constraint) {
  const Fact* before = builder.from.find(constraint.parent);
  if (before == nullptr || !builder.plan.created.contains(constraint.id)) return false;
  const auto left = left_behind(builder, *before, ties_of(builder, before->id).cut);
  const Fact* had = find_name(left, constraint);
  return had != nullptr && same_constraint(*had, constraint) &&
         keeps_standing(builder, *had, *before);
}

bool is_taken_over(const Builder& builder, const Fact& constraint) {
  const Fact* after = builder.to.find(constraint.parent);
  return after != nullptr && builder.plan.dropped.contains(constraint.id) &&
         given_again(builder, constraint, *after);
}

std::vector<const Fact*> later_children(const Builder& builder, const Fact& constraint) {
  std::vector<const Fact*> later;
  if (!is_check(constraint) || !passes_on(builder.to, constraint)) return later;
  for (const Fact* child : builder.descendants(builder.to, constraint.parent))
    if (!is_partition(*child) && !ties_of(builder, child->id).tied.empty() &&
        builder.to.find(namesake(constraint, child->identity)) == nullptr)
      later.push_back(child);
  return later;
}

bool goes_with_whole(const Builder& builder, const Fact& part) {
  const Fact* whole =
      part.has("attached_to") ? builder.from.find(part.text("attached_to")) : nullptr;
  // Where its table is taken away, the part stays behind.
  return whole != nullptr && builder.plan.goes(whole->id) && !builder.plan.goes(whole->parent) &&
         !holds(ties_of(builder, part.parent).cut, whole->parent);
}

void attach_new(Builder& builder, const Fact& partition) {
  for (const std::string& parent : parents_of(builder.to, partition.id))
    attach(builder, partition, parent);
}

void detach_referenced(Builder& builder, const Fact& partition) {
  const auto referenced = [&](const auto& self, const std::string& table) -> bool {
    const auto above = parents_of(builder.from, table);
    return builder.was_referenced(table) ||
           std::any_of(above.begin(), above.end(),
                       [&](const std::string& parent) { return self(self, parent); });
  };
  for (const std::string& parent : parents_of(builder.from, partition.id))
    if (!builder.plan.goes(parent) && referenced(referenced, parent))
      detach(builder, partition, parent);
}

void change_parentage(Builder& builder, const Fact& from, const Fact& to) {
  if (only_rebound(builder, from, to)) {
    if (differs(from, to, "bound"))
      rebind(builder, from, to, parents_of(builder.from, from.id).at(0));
    return;
  }
  const Ties ties = ties_of(builder, to.id);
  if (ties.cut.empty() && ties.tied.empty() && differs(from, to, "inherits"))
    builder.warn(to.id + " is to have its parents in another order, which no statement gives it");
  for (const std::string& parent : ties.cut)
    is_partition(from) ? detach(builder, from, parent) : disinherit(builder, from, parent);
  drop_left_behind(builder, from, to, ties.cut);
  if (is_partition(to)) add_missing(builder, from, to, ties);
  if (!ties.tied.empty())
    for (const Fact* part : builder.parts(builder.to, to.id))
      if (part->kind == "column") warn_of_declaration(builder, *part);
  for (const std::string& parent : ties.tied)
    is_partition(to) ? attach(builder, to, parent) : inherit(builder, to, parent);
}

}  // namespace steward::diff
