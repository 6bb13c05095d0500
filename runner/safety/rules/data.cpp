// Rules about rows.
#include <algorithm>

#include "runner/safety/rule.h"

namespace steward::safety {
namespace {

bool holds_limit(const Json& tree) {
  if (tree.is_array()) return std::any_of(tree.begin(), tree.end(), &holds_limit);
  if (!tree.is_object()) return false;
  return tree.contains("limitCount") || std::any_of(tree.begin(), tree.end(), &holds_limit);
}

bool holds_node(const Json& tree, std::string_view name) {
  if (tree.is_array())
    return std::any_of(tree.begin(), tree.end(),
                       [&](const Json& item) { return holds_node(item, name); });
  if (!tree.is_object()) return false;
  return tree.contains(name) || std::any_of(tree.begin(), tree.end(), [&](const Json& item) {
           return holds_node(item, name);
         });
}

bool changes_rows(What what) {
  return what == What::update || what == What::delete_rows || what == What::merge ||
         what == What::insert || what == What::copy_in;
}

bool has_where(const Json& node) {
  return node.contains("whereClause");
}

std::string batches(const Scene& scene) {
  const std::string table = quoted(scene.relation());
  return "-- in a revision with transaction=off, until no row is left\n" +
         std::string(scene.is(What::update) ? "UPDATE " + table + " SET ..."
                                            : "DELETE FROM " + table) +
         "\n  WHERE ctid IN (SELECT ctid FROM " + table + " WHERE ... LIMIT 10000);";
}

Verdict without_where(const Scene& scene) {
  if (!scene.is(What::update) && !scene.is(What::delete_rows)) return {};
  if (!scene.in_use() || has_where(scene.node())) return {};
  return Found{scene.relation(),
               scene.is(What::update)
                   ? "every row is written anew, and stays locked until the transaction ends"
                   : "every row is deleted, and stays locked until the transaction ends",
               "in batches, each in a transaction of its own", batches(scene)};
}

// What looks like filling a new column, or is about a table too large for one transaction.
Verdict unbatched(const Scene& scene) {
  if (!scene.is(What::update) && !scene.is(What::delete_rows)) return {};
  if (!scene.in_use() || !has_where(scene.node())) return {};
  const Json& where = scene.node()["whereClause"];
  const Table* table = scene.table();
  const bool sized = table != nullptr && table->bytes;
  const bool large = sized && *table->bytes >= scene.limits.large_table;
  const bool fills = scene.is(What::update) && holds_node(where, "NullTest");
  if (holds_limit(where) || (sized ? !large : !fills)) return {};
  return Found{
      scene.relation(),
      "the rows stay locked until the transaction ends, and their old versions stay behind",
      "in batches, each in a transaction of its own", batches(scene)};
}

std::vector<Found> with_ddl(const Review& review) {
  std::vector<Found> found;
  if (!review.upgrade.transaction) return found;
  std::string locked;
  for (std::size_t i = 0; i < review.upgrade.statements.size(); ++i) {
    const Statement& statement = review.upgrade.statements[i];
    const Action& action = statement.actions.front();
    const bool rows = changes_rows(action.what);
    if (rows && !locked.empty() && !review.after.is_new_or_empty(action.relation) &&
        !(action.what == What::insert && !holds_node(*action.node, "fromClause"))) {
      found.push_back({action.relation,
                       "rows are changed while the lock on " + locked +
                           " is held, which the transaction took before",
                       "move them to a revision of their own, behind this one",
                       "",
                       {},
                       statement.number});
      return found;
    }
    for (const Touch& touch : review.effects[i].touches)
      if (locked.empty() && blocks_use(touch.lock)) locked = touch.relation;
  }
  return found;
}

Verdict in_migration(const Scene& scene) {
  if (!changes_rows(scene.action.what) || !scene.in_use()) return {};
  return Found{scene.relation(), "a revision changes rows", "keep data out of revisions", ""};
}

std::vector<Found> analyze_after(const Review& review) {
  std::vector<Found> found;
  for (const Statement& statement : review.upgrade.statements) {
    const Action& action = statement.actions.front();
    if (action.what == What::analyze)
      std::erase_if(found, [&](const Found& one) {
        return action.relation.empty() || one.object == action.relation;
      });
    const bool fills = (action.what == What::update && !has_where(*action.node)) ||
                       (action.what == What::insert && holds_node(*action.node, "fromClause"));
    if (fills && !review.after.is_new_or_empty(action.relation))
      found.push_back({action.relation,
                       "the planner goes on with the statistics from before",
                       "end the revision with ANALYZE",
                       "ANALYZE " + quoted(action.relation) + ";",
                       {},
                       statement.number});
  }
  return found;
}

constexpr Rule rules[] = {
    {"update-delete-without-where", Severity::warning, true, false, "UPDATE or DELETE of all rows",
     &without_where},
    {"backfill-unbatched", Severity::warning, true, false, "many rows in one transaction",
     &unbatched},
    {"backfill-with-ddl-same-tx", Severity::warning, true, false,
     "rows changed under the lock of a schema change", nullptr, &with_ddl},
    {"data-in-migration", Severity::note, false, false, "a revision changes rows", &in_migration},
    {"analyze-after-backfill", Severity::note, true, false, "a backfill without ANALYZE", nullptr,
     &analyze_after},
};

}  // namespace

std::span<const Rule> data_rules() {
  return rules;
}

}  // namespace steward::safety
