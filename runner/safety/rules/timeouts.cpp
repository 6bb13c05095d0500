// Rules about timeouts: a statement that waits for a lock makes all who come after it wait too.
#include <algorithm>

#include "runner/config.h"
#include "runner/safety/rule.h"

namespace steward::safety {
namespace {

// Of SET name = value; nullopt: another variable, or no duration.
std::optional<double> seconds_set(const Action& action, std::string_view name) {
  if (action.what != What::set_variable || action.object != name) return {};
  const Json& arguments = list(*action.node, "args");
  if (arguments.empty()) return {};
  const Json& constant = member(arguments[0], "A_Const");
  std::string text = word(member(constant, "sval"), "sval");
  if (text.empty()) text = std::to_string(member(constant, "ival").value("ival", 0));
  const auto duration = config::parse_duration(text);
  if (!duration) return {};
  return static_cast<double>(duration->count()) / 1000;
}

std::optional<double> seconds_of(const std::string& text) {
  const auto duration = config::parse_duration(text);
  if (text.empty() || !duration) return {};
  return static_cast<double>(duration->count()) / 1000;
}

bool blocks(const Effects& effects) {
  return std::any_of(effects.touches.begin(), effects.touches.end(),
                     [](const Touch& touch) { return blocks_use(touch.lock); });
}

// Calls visit with each blocking statement and the lock_timeout in force.
template <class Visit>
void each_blocking(const Review& review, const Visit& visit) {
  std::optional<double> timeout = seconds_of(review.upgrade.lock_timeout);
  for (std::size_t i = 0; i < review.effects.size(); ++i) {
    const Statement& statement = review.upgrade.statements[i];
    const auto set = seconds_set(statement.actions.front(), "lock_timeout");
    if (set) timeout = set;
    if (blocks(review.effects[i]) && !visit(statement, timeout)) return;
  }
}

std::vector<Found> missing(const Review& review) {
  std::vector<Found> found;
  each_blocking(review, [&](const Statement& statement, std::optional<double> timeout) {
    if (timeout && *timeout > 0) return true;
    found.push_back({statement.actions.front().relation,
                     "it waits for its lock without an end, and all who come later wait behind it",
                     "leave lock_timeout as configured (5 s), or set another: lock_timeout=2s "
                     "behind the section's marker",
                     "SET LOCAL lock_timeout = '5s';",
                     {},
                     statement.number});
    return false;
  });
  return found;
}

std::vector<Found> too_long(const Review& review) {
  std::vector<Found> found;
  each_blocking(review, [&](const Statement& statement, std::optional<double> timeout) {
    if (!timeout || *timeout <= review.limits.longest_lock_timeout) return true;
    found.push_back({statement.actions.front().relation,
                     "it may wait " + format_seconds(*timeout) +
                         " for its lock, and all who come later wait behind it",
                     "a few seconds, and try again: steward does",
                     "SET LOCAL lock_timeout = '5s';",
                     {},
                     statement.number});
    return false;
  });
  return found;
}

std::vector<Found> late(const Review& review) {
  bool blocked = false;
  for (std::size_t i = 0; i < review.effects.size(); ++i) {
    const Statement& statement = review.upgrade.statements[i];
    if (blocked && seconds_set(statement.actions.front(), "lock_timeout"))
      return {{"",
               "lock_timeout is set behind a statement that has waited for its lock already",
               "set it first, or behind the section's marker",
               "",
               {},
               statement.number}};
    blocked = blocked || blocks(review.effects[i]);
  }
  return {};
}

std::vector<Found> statement_timeout(const Review& review) {
  const auto seconds = seconds_of(review.upgrade.statement_timeout);
  if (seconds && *seconds > 0) return {};
  for (std::size_t i = 0; i < review.effects.size(); ++i)
    for (const Touch& touch : review.effects[i].touches)
      if (blocks_use(touch.lock) && (touch.scans || touch.rewrites))
        return {{touch.relation,
                 "no statement_timeout ends it, however long it works",
                 "statement_timeout=10min behind the section's marker",
                 "",
                 {},
                 review.upgrade.statements[i].number}};
  return {};
}

Verdict idle(const Scene& scene) {
  const auto seconds = seconds_set(scene.action, "idle_in_transaction_session_timeout");
  if (!seconds || *seconds > 0) return {};
  return Found{"", "a client that hangs keeps its locks for ever",
               "leave idle_in_transaction_session_timeout as it is", ""};
}

constexpr Rule rules[] = {
    {"missing-lock-timeout", Severity::error, true, false,
     "a lock that is waited for without an end", nullptr, &missing},
    {"lock-timeout-too-long", Severity::warning, true, false, "a lock that is waited for too long",
     nullptr, &too_long},
    {"lock-timeout-late", Severity::warning, true, false,
     "lock_timeout set behind what should have heeded it", nullptr, &late},
    {"missing-statement-timeout", Severity::note, false, false,
     "long work under a lock without statement_timeout", nullptr, &statement_timeout},
    {"idle-in-transaction-timeout", Severity::note, true, false,
     "idle_in_transaction_session_timeout is turned off", &idle},
};

}  // namespace

std::span<const Rule> timeout_rules() {
  return rules;
}

}  // namespace steward::safety
