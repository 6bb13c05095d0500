// Rules that need the database's own figures; and those over all pending revisions, whose checks
// are in runner/safety/deploy.cpp.
#include "runner/safety/rule.h"

namespace steward::safety {
namespace {

// The first relation that the statement blocks and the condition holds for.
template <class Condition>
const Touch* blocked(const Scene& scene, const Condition& condition) {
  if (&scene.action != &scene.statement.actions.front()) return nullptr;
  for (const Touch& touch : scene.effects.touches) {
    const Table* table = scene.known.find(touch.relation);
    if (table != nullptr && scene.in_use(touch.relation) && condition(touch, *table)) return &touch;
  }
  return nullptr;
}

Verdict large_table(const Scene& scene) {
  const Touch* touch = blocked(scene, [&](const Touch& one, const Table& table) {
    return blocks_use(one.lock) && (one.scans || one.rewrites) &&
           table.bytes.value_or(0) >= scene.limits.large_table;
  });
  if (touch == nullptr) return {};
  return Found{touch->relation, "the table is large, and the statement works through it",
               "the safe sequence of the other finding, or a quiet hour", ""};
}

Verdict hot_table(const Scene& scene) {
  const Touch* touch = blocked(scene, [&](const Touch& one, const Table& table) {
    return blocks_use(one.lock) && table.writes_per_second >= scene.limits.hot_table;
  });
  if (touch == nullptr) return {};
  const double rate = scene.known.find(touch->relation)->writes_per_second;
  return Found{touch->relation,
               "the table takes about " + std::to_string(static_cast<long>(rate)) +
                   " writes a second, which queue up behind the lock",
               "keep lock_timeout short, and choose a quiet hour", ""};
}

Verdict headroom(const Scene& scene) {
  const Touch* touch = blocked(scene, [&](const Touch& one, const Table& table) {
    return one.rewrites && table.bytes.value_or(0) >= scene.limits.large_table;
  });
  if (touch == nullptr) return {};
  const Table& table = *scene.known.find(touch->relation);
  return Found{touch->relation,
               "the new table stands beside the old one until the end: " +
                   format_bytes(*table.bytes + table.index_bytes) +
                   " more on the disk, and as much in the WAL",
               "look at the free space first", ""};
}

Verdict replication(const Scene& scene) {
  if (scene.known.server.replicas == 0) return {};
  const Touch* touch = blocked(scene, [&](const Touch& one, const Table& table) {
    return one.rewrites && table.bytes.value_or(0) >= scene.limits.large_table / 10;
  });
  if (touch == nullptr) return {};
  return Found{touch->relation,
               "the rewrite goes through the WAL to " +
                   std::to_string(scene.known.server.replicas) +
                   " replicas, which fall behind, and queries there stop for the lock",
               "watch pg_stat_replication.replay_lag", ""};
}

constexpr Rule rules[] = {
    {"large-table-ddl", Severity::warning, true, false, "work through a large table under a lock",
     &large_table},
    {"hot-table-ddl", Severity::warning, true, false,
     "a lock on a table that is written to all the time", &hot_table},
    {"rewrite-disk-headroom", Severity::warning, true, false, "a rewrite of a large table",
     &headroom},
    {"replication-lag", Severity::note, true, false, "a rewrite with replicas", &replication},
    {"cumulative-lock-budget", Severity::warning, true, false,
     "pending revisions that block for long together"},
    {"hot-table-multi-touch", Severity::note, true, false,
     "a table that several pending revisions lock"},
    {"create-then-rewrite", Severity::note, true, false,
     "a table that one pending revision makes and another rewrites"},
    {"ordering-hazard", Severity::warning, true, false,
     "a pending revision that drops what a later one uses"},
};

}  // namespace

std::span<const Rule> size_rules() {
  return rules;
}

}  // namespace steward::safety
