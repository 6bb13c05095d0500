// Rules about whole tables, views, triggers and types.
#include <algorithm>
#include <array>
#include <string_view>

#include "runner/safety/rule.h"
#include "runner/text.h"

namespace steward::safety {
namespace {

Verdict refresh(const Scene& scene) {
  if (!scene.is(What::refresh) || flag(scene.node(), "concurrent") || !scene.in_use()) return {};
  return Found{scene.relation(), "reads of the materialized view wait while it is computed",
               "REFRESH ... CONCURRENTLY, which needs a unique index on it",
               "REFRESH MATERIALIZED VIEW CONCURRENTLY " + quoted(scene.relation()) + ";"};
}

Verdict vacuum_full(const Scene& scene) {
  const bool full = scene.is(What::vacuum) && has_option(scene.node(), "full");
  if (!full && !scene.is(What::cluster)) return {};
  if (!scene.relation().empty() && !scene.in_use()) return {};
  return Found{scene.relation(), "the table and its indexes are written anew while nobody reads",
               "VACUUM without FULL keeps it from growing; pg_repack shrinks it in use", ""};
}

Verdict logged(const Scene& scene) {
  if ((!scene.is(What::set_logged) && !scene.is(What::set_unlogged)) || !scene.in_use()) return {};
  return Found{scene.relation(),
               scene.is(What::set_unlogged)
                   ? "the table is written anew, and is empty after a crash from then on"
                   : "the table is written anew, and into the WAL",
               "a new table, filled in batches, that takes the old one's name", ""};
}

Verdict rewriting(const Scene& scene, What what, const char* message) {
  if (!scene.is(what) || !scene.in_use()) return {};
  if (scene.effects.touches.empty() || !scene.effects.touches[0].rewrites) return {};
  return Found{scene.relation(), message,
               "a new table, filled in batches, that takes the old one's name", ""};
}

Verdict access_method(const Scene& scene) {
  return rewriting(scene, What::set_access_method,
                   "another access method writes the table and its indexes anew");
}

Verdict tablespace(const Scene& scene) {
  return rewriting(scene, What::set_tablespace,
                   "another tablespace copies the table's files while nobody reads");
}

// A trigger that keeps two columns equal is what the safe way of other rules needs.
Verdict create_trigger(const Scene& scene) {
  if (!scene.is(What::create_trigger) || !scene.in_use()) return {};
  return Found{scene.relation(), "writes wait until the trigger is there, and run it from then on",
               "keep lock_timeout short", ""};
}

Verdict drop_trigger(const Scene& scene) {
  if (!scene.is(What::drop_trigger) || !scene.in_use()) return {};
  return Found{scene.relation() + "." + scene.action.object,
               "what the trigger did is done no more; reads and writes wait until it is gone",
               "keep lock_timeout short; allow it with the reason", ""};
}

// ENABLE of the same trigger before the transaction ends: nobody sees it disabled.
bool is_enabled_again(const Scene& scene) {
  if (!scene.script.transaction) return false;
  for (const Statement& statement : scene.script.statements)
    for (const Action& action : statement.actions)
      if (statement.number > scene.statement.number && action.relation == scene.relation() &&
          word(*action.node, "subtype") == "AT_EnableTrig" &&
          word(*action.node, "name") == word(scene.node(), "name"))
        return true;
  return false;
}

Verdict disable_trigger(const Scene& scene) {
  if (!scene.is(What::disable_trigger) || !scene.in_use() || is_enabled_again(scene)) return {};
  const bool all = word(scene.node(), "subtype") == "AT_DisableTrigAll";
  Found found{scene.relation(),
              all ? "ALL stops foreign keys and audit triggers too, for everybody"
                  : "the trigger is off for everybody until somebody enables it",
              "for a load: SET LOCAL session_replication_role = replica, in that transaction alone",
              "SET LOCAL session_replication_role = replica;"};
  if (all) found.severity = Severity::error;
  return found;
}

Verdict create_policy(const Scene& scene) {
  if (!scene.is(What::create_policy) || !scene.in_use()) return {};
  return Found{scene.relation(), "rows may appear to, or vanish from, those who have row security",
               "create all policies before ENABLE ROW LEVEL SECURITY, in the same revision", ""};
}

bool policy_before(const Scene& scene) {
  for (const Statement& statement : scene.script.statements)
    for (const Action& action : statement.actions)
      if (action.what == What::create_policy && action.relation == scene.relation() &&
          statement.number < scene.statement.number)
        return true;
  return false;
}

Verdict enable_rls(const Scene& scene) {
  if (!scene.is(What::enable_row_security) || !scene.in_use() || policy_before(scene)) return {};
  return Found{
      scene.relation(),
      "with row security on and no policy yet, all rows vanish for everybody but the owner",
      "create its policies first, in the same revision",
      "CREATE POLICY ... ON " + quoted(scene.relation()) + " ...;\n" + scene.statement.text + ";"};
}

// In the transaction that adds it a value cannot be used, unless the type is new there too.
std::vector<Found> value_used(const Review& review) {
  std::vector<Found> found;
  if (!review.upgrade.transaction) return found;
  std::vector<std::pair<std::string, std::string>> added;  // type, value
  for (const Statement& statement : review.upgrade.statements) {
    for (const auto& [type, value] : added)
      if (statement.text.find("'" + value + "'") != std::string::npos &&
          statement.actions.front().what != What::enum_add_value) {
        found.push_back({type,
                         "the value '" + value +
                             "' is used in the transaction that adds it, which fails (55P04)",
                         "add the value in a revision of its own, before this one",
                         "",
                         {},
                         statement.number});
        break;
      }
    const Action& action = statement.actions.front();
    const auto made = review.after.enums.find(action.object);
    const bool is_new = made != review.after.enums.end() && made->second;
    if (action.what == What::enum_add_value && !is_new)
      added.emplace_back(action.object, word(*action.node, "newVal"));
  }
  return found;
}

Verdict value_order(const Scene& scene) {
  if (!scene.is(What::enum_add_value) || scene.node().contains("newValNeighbor")) return {};
  return Found{scene.action.object, "the value sorts behind all others, and cannot be moved later",
               "say where it belongs: BEFORE or AFTER another value", ""};
}

Verdict alter_sequence(const Scene& scene) {
  if (!scene.is(What::alter_sequence) || !scene.in_use()) return {};
  return Found{scene.relation(), "inserts that draw from the sequence wait",
               "keep lock_timeout short", ""};
}

Verdict lock_table(const Scene& scene) {
  if (!scene.is(What::lock_table) || !scene.in_use()) return {};
  const int mode = scene.node().value("mode", 8);
  if (mode < static_cast<int>(Lock::share)) return {};
  return Found{scene.relation(), "an explicit lock is held until the end of the transaction",
               "leave it to the statements, which take the lock they need", ""};
}

bool hides_schema_change(const std::string& body) {
  static constexpr std::array<std::string_view, 6> marks{"create ",  "alter ",   "drop ",
                                                         "truncate", "execute ", "reindex"};
  const std::string text = lower(body);
  return std::any_of(marks.begin(), marks.end(),
                     [&](std::string_view mark) { return text.find(mark) != std::string::npos; });
}

Verdict do_block(const Scene& scene) {
  if (!scene.is(What::run_block) || !hides_schema_change(scene.statement.text)) return {};
  return Found{"", "what the block does is not seen by these rules, nor by a reader",
               "write the statements themselves; upgrade shows afterwards what it locked", ""};
}

constexpr Rule rules[] = {
    {"refresh-matview", Severity::warning, true, true, "REFRESH that makes readers wait", &refresh},
    {"vacuum-full-cluster", Severity::error, true, true, "VACUUM FULL or CLUSTER", &vacuum_full},
    {"set-logged-unlogged", Severity::error, true, true, "SET LOGGED or UNLOGGED", &logged},
    {"set-access-method", Severity::error, true, true, "another access method", &access_method},
    {"set-tablespace", Severity::error, true, true, "another tablespace", &tablespace},
    {"create-trigger", Severity::note, true, true, "a new trigger on a table in use",
     &create_trigger},
    {"drop-trigger", Severity::warning, true, false, "a trigger is dropped", &drop_trigger},
    {"disable-trigger", Severity::warning, true, false, "triggers are disabled", &disable_trigger},
    {"create-policy", Severity::note, true, false, "a new policy on a table in use",
     &create_policy},
    {"enable-rls", Severity::warning, true, false, "row security without a policy", &enable_rls},
    {"enum-add-value-in-transaction", Severity::error, true, false,
     "a new enum value used in its transaction", nullptr, &value_used},
    {"enum-value-order", Severity::note, false, false, "a new enum value without a place",
     &value_order},
    {"alter-sequence", Severity::note, true, true, "ALTER SEQUENCE of a sequence in use",
     &alter_sequence},
    {"lock-table", Severity::warning, true, true, "LOCK TABLE", &lock_table},
    {"do-block-ddl", Severity::warning, true, false, "a schema change inside a DO block",
     &do_block},
};

}  // namespace

std::span<const Rule> table_rules() {
  return rules;
}

}  // namespace steward::safety
