// Rules about what a transaction holds together.
#include <algorithm>
#include <map>
#include <set>

#include "runner/safety/rule.h"

namespace steward::safety {
namespace {

std::string kind_of(const Scene& scene) {
  return word(scene.node(), "kind");
}

bool begins(const std::string& kind) {
  return kind == "TRANS_STMT_BEGIN" || kind == "TRANS_STMT_START";
}

bool ends(const std::string& kind) {
  return kind == "TRANS_STMT_COMMIT" || kind == "TRANS_STMT_ROLLBACK" ||
         kind == "TRANS_STMT_PREPARE";
}

Verdict control(const Scene& scene) {
  if (!scene.is(What::transaction) || !scene.script.transaction) return {};
  if (!begins(kind_of(scene)) && !ends(kind_of(scene))) return {};
  return Found{"",
               scene.statement.words + " would end or nest the transaction that the revision is",
               "take it out; or write transaction=off behind the section's marker", ""};
}

// A section outside a transaction may open one, once at a time, and must close it.
std::vector<Found> uncommitted(const Review& review) {
  int open = 0;
  for (const Statement& statement : review.upgrade.statements) {
    const std::string kind = word(*statement.actions.front().node, "kind");
    if (statement.actions.front().what != What::transaction) continue;
    if (begins(kind)) open = statement.number;
    if (ends(kind)) open = 0;
  }
  if (open == 0 || review.upgrade.transaction) return {};
  return {{"",
           "the transaction that begins here is never committed: nothing of it stays",
           "write COMMIT behind it",
           "COMMIT;",
           {},
           open}};
}

std::vector<Found> nesting(const Review& review) {
  std::vector<Found> found;
  bool open = false;
  for (const Statement& statement : review.upgrade.statements) {
    const std::string kind = word(*statement.actions.front().node, "kind");
    if (statement.actions.front().what != What::transaction) continue;
    if (begins(kind) && open && !review.upgrade.transaction)
      found.push_back({"",
                       "a transaction is open already: BEGIN does nothing but warn",
                       "take it out, or use SAVEPOINT",
                       "",
                       {},
                       statement.number});
    if (begins(kind)) open = true;
    if (ends(kind)) open = false;
  }
  return found;
}

std::vector<Found> mixed(const Review& review) {
  if (review.upgrade.transaction || review.upgrade.statements.size() < 2) return {};
  const auto& statements = review.upgrade.statements;
  const bool any_outside = std::any_of(statements.begin(), statements.end(),
                                       [](const Statement& one) { return one.outside; });
  const auto plain_one =
      std::find_if(statements.begin(), statements.end(), [](const Statement& one) {
        const What what = one.actions.front().what;
        return !one.outside && !one.effects.may_commit && what != What::transaction &&
               what != What::set_variable && what != What::select && what != What::analyze;
      });
  if (!any_outside || plain_one == statements.end()) return {};
  return {
      {"",
       "it could run in a transaction, and stands with what cannot: when that fails, this stays",
       "move it to a revision of its own",
       "",
       {},
       plain_one->number}};
}

// Of the statements before: the first that keeps others from using a table.
std::vector<Found> after_access_exclusive(const Review& review) {
  std::vector<Found> found;
  if (!review.upgrade.transaction) return found;
  const Touch* held = nullptr;
  for (std::size_t i = 0; i < review.effects.size(); ++i) {
    for (const Touch& touch : review.effects[i].touches) {
      if (held == nullptr || !(touch.scans || touch.rewrites)) continue;
      found.push_back({touch.relation,
                       "the statement works through " + touch.relation + " while " +
                           std::string(name_of(held->lock)) + " on " + held->relation +
                           " is held since an earlier statement",
                       "put it into a revision of its own",
                       "",
                       {},
                       review.upgrade.statements[i].number});
      return found;
    }
    for (const Touch& touch : review.effects[i].touches)
      if (held == nullptr && touch.lock == Lock::access_exclusive) held = &touch;
  }
  return found;
}

std::vector<Found> multi_table(const Review& review) {
  if (!review.upgrade.transaction) return {};
  std::vector<std::string> locked;
  const auto is_locked = [&locked](const std::string& relation) {
    return std::find(locked.begin(), locked.end(), relation) != locked.end();
  };
  // Partitions are locked with their table, and in its order.
  const auto goes_along = [&](const std::string& relation) {
    const Table* table = review.after.find(relation);
    return table != nullptr && is_locked(table->parent);
  };
  int last = 0;
  for (std::size_t i = 0; i < review.effects.size(); ++i)
    for (const Touch& touch : review.effects[i].touches)
      if (touch.lock == Lock::access_exclusive && !is_locked(touch.relation) &&
          !goes_along(touch.relation)) {
        locked.push_back(touch.relation);
        last = review.upgrade.statements[i].number;
      }
  if (locked.size() < 2) return {};
  std::string names;
  for (const std::string& name : locked) names += (names.empty() ? "" : ", ") + name;
  return {{locked.back(),
           "the transaction holds AccessExclusiveLock on several tables at once (" + names +
               "): others that use them in another order end in a deadlock",
           "one revision for each table",
           "",
           {},
           last}};
}

std::vector<Found> wide_window(const Review& review) {
  if (!review.upgrade.transaction) return {};
  const int count = static_cast<int>(review.effects.size());
  for (int i = 0; i < count; ++i)
    for (const Touch& touch : review.effects[static_cast<std::size_t>(i)].touches)
      if (blocks_use(touch.lock) && count - i - 1 >= review.limits.statements_under_lock)
        return {{touch.relation,
                 "the lock is held while " + std::to_string(count - i - 1) + " more statements run",
                 "put what locks tables in use last, or into a revision of its own",
                 "",
                 {},
                 review.upgrade.statements[static_cast<std::size_t>(i)].number}};
  return {};
}

// Adding and proving have to be apart.
bool must_stand_apart(const Statement& statement) {
  return std::any_of(statement.actions.begin(), statement.actions.end(), [](const Action& action) {
    return action.what == What::disable_trigger ||
           word(*action.node, "subtype").starts_with("AT_EnableTrig") ||
           action.what == What::validate_constraint || action.what == What::set_not_null ||
           action.what == What::drop_constraint || action.what == What::attach_partition ||
           action.what == What::detach_partition ||
           (action.what == What::add_constraint && flag(*action.node, "skip_validation"));
  });
}

std::vector<Found> many_alters(const Review& review) {
  std::vector<Found> found;
  std::set<std::string> altered;
  for (const Statement& statement : review.upgrade.statements) {
    if (statement.kind != "AlterTableStmt" || must_stand_apart(statement)) continue;
    const std::string& relation = statement.actions.front().relation;
    if (review.after.is_new_or_empty(relation)) continue;
    if (!altered.insert(relation).second)
      found.push_back({relation,
                       "the table is altered by several statements, each of which may "
                       "work through it again",
                       "one ALTER TABLE with all of them",
                       "",
                       {},
                       statement.number});
  }
  return found;
}

constexpr Rule rules[] = {
    {"transaction-control-in-revision", Severity::error, true, false,
     "BEGIN, COMMIT or ROLLBACK inside the revision's transaction", &control},
    {"transaction-uncommitted", Severity::error, true, false, "BEGIN without COMMIT", nullptr,
     &uncommitted},
    {"transaction-nesting", Severity::warning, true, false, "BEGIN within BEGIN", nullptr,
     &nesting},
    {"non-transactional-mixed", Severity::warning, true, false,
     "what could be in a transaction beside what cannot", nullptr, &mixed},
    {"statement-after-access-exclusive", Severity::warning, true, true,
     "slow work while a lock is held", nullptr, &after_access_exclusive},
    {"multi-table-lock", Severity::warning, true, true, "several tables locked at once", nullptr,
     &multi_table},
    {"wide-lock-window", Severity::note, true, true, "many statements under a lock", nullptr,
     &wide_window},
    {"alter-many-same-table", Severity::note, true, false, "several ALTER TABLE of one table",
     nullptr, &many_alters},
};

}  // namespace

std::span<const Rule> transaction_rules() {
  return rules;
}

}  // namespace steward::safety
