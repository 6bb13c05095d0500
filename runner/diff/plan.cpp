#include "runner/diff/plan.h"

#include <deque>

namespace steward::diff {
namespace {

using Lists = std::unordered_map<std::string, std::vector<const Fact*>>;

class Comparison {
 public:
  Comparison(const Snapshot& from, const Snapshot& to, const Questions& questions)
      : from_(from), to_(to), questions_(questions) {}
  Plan run();

 private:
  void classify();
  void index();
  void replace(const std::string& id);
  void burden(const Fact& part);
  void rewrite(const std::string& relation);
  void spread(const std::string& id, bool gone);
  void take_whole_along(const Fact& part);
  void settle(const Fact& dependent, const Fact& needed, bool gone);

  const Snapshot& from_;
  const Snapshot& to_;
  const Questions& questions_;
  Plan plan_;
  Lists parts_;       // of the old schema, by parent
  Lists dependents_;  // of the old schema, by what they need
  struct Disturbance {
    std::string id;
    bool gone;
  };
  std::deque<Disturbance> pending_;
};

void Comparison::classify() {
  for (const auto& [id, fact] : from_.facts) {
    const Fact* other = to_.find(id);
    if (other == nullptr) {
      plan_.dropped.insert(id);
      pending_.push_back({id, true});
    } else if (questions_.outgrown(fact, *other)) {
      replace(id);
    } else if (fact.hash != other->hash && questions_.alterable(fact, *other)) {
      plan_.altered.insert(id);
      if (questions_.disturbs(fact, *other)) {
        plan_.disturbed.insert(id);
        pending_.push_back({id, false});
      }
    } else if (fact.hash != other->hash) {
      replace(id);
    }
  }
  for (const auto& [id, fact] : to_.facts)
    if (from_.find(id) == nullptr) {
      plan_.created.insert(id);
      burden(fact);
      if (questions_.rewrites(fact)) rewrite(fact.parent);
    }
}

void Comparison::index() {
  for (const auto& [id, fact] : from_.facts) {
    if (!fact.parent.empty()) parts_[fact.parent].push_back(&fact);
    for (const std::string& need : fact.needs) dependents_[need].push_back(&fact);
    if (fact.has("attached_to")) dependents_[fact.text("attached_to")].push_back(&fact);
  }
}

void Comparison::replace(const std::string& id) {
  if (!plan_.replaced.insert(id).second) return;
  plan_.altered.erase(id);
  plan_.rebound.erase(id);
  pending_.push_back({id, true});
  const Fact* after = to_.find(id);
  if (after == nullptr) return;
  burden(*after);
  if (questions_.rewrites(*after)) rewrite(after->parent);
}

void Comparison::burden(const Fact& part) {
  if (from_.find(part.parent) != nullptr && to_.find(part.parent) != nullptr &&
      questions_.burdens(part))
    replace(part.parent);
}

// Columns that have rows of the relation as values must let go of them while these are written
// anew, and so must what was compiled against them.
void Comparison::rewrite(const std::string& relation) {
  const Fact* needed = from_.find(relation);
  if (needed == nullptr || to_.find(relation) == nullptr || plan_.goes(relation)) return;
  for (const Fact* dependent : dependents_[relation]) {
    if (to_.find(dependent->id) == nullptr ||
        (questions_.fate(*dependent, *needed, true) != Fate::retyped &&
         !questions_.reads_rows(*dependent)))
      continue;
    plan_.rewritten.insert(relation);
    settle(*dependent, *needed, true);
  }
}

// A fact in both schemas that stands on what makes way.
void Comparison::settle(const Fact& dependent, const Fact& needed, bool gone) {
  if (to_.find(dependent.id) == nullptr) return;
  // A partition whose whole is made again is detached before, with its own part of an index.
  if (gone && dependent.text("attached_to") == needed.id && plan_.goes(needed.parent)) return;
  switch (questions_.fate(dependent, needed, gone)) {
    case Fate::stays:
      break;
    case Fate::replaced:
      replace(dependent.id);
      break;
    case Fate::rebound:
      if (!plan_.replaced.contains(dependent.id)) plan_.rebound.insert(dependent.id);
      break;
    case Fate::retyped:
      if (!plan_.replaced.contains(dependent.id) && plan_.disturbed.insert(dependent.id).second)
        pending_.push_back({dependent.id, false});
      if (!plan_.replaced.contains(dependent.id)) plan_.rebound.insert(dependent.id);
      break;
  }
}

// Part of a partitioned index cannot go by itself, unless its table goes or is detached.
void Comparison::take_whole_along(const Fact& part) {
  const Fact* before = from_.find(part.parent);
  const Fact* after = to_.find(part.parent);
  const std::string whole = part.text("attached_to");
  const bool stays = after != nullptr && !plan_.replaced.contains(part.parent) &&
                     before->has("bound") == after->has("bound") &&
                     before->value("inherits") == after->value("inherits");
  if (stays && to_.find(whole) != nullptr) replace(whole);
}

void Comparison::spread(const std::string& id, bool gone) {
  const Fact& needed = from_.facts.at(id);
  if (!gone) rewrite(needed.parent);
  if (gone) {
    for (const Fact* part : parts_[id])
      if (to_.find(part->id) != nullptr) replace(part->id);
    if (needed.has("attached_to")) take_whole_along(needed);
  }
  for (const Fact* dependent : dependents_[id]) settle(*dependent, needed, gone);
}

Plan Comparison::run() {
  index();
  classify();
  while (!pending_.empty()) {
    const Disturbance next = pending_.front();
    pending_.pop_front();
    spread(next.id, next.gone);
  }
  return plan_;
}

}  // namespace

Plan compare(const Snapshot& from, const Snapshot& to, const Questions& questions) {
  return Comparison(from, to, questions).run();
}

}  // namespace steward::diff
