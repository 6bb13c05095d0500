// Rules about a revision as a whole: its size, and the way back.
#include <algorithm>
#include <set>

#include "runner/safety/rule.h"

namespace steward::safety {
namespace {

bool is_empty(const Script* script) {
  return script == nullptr || (script->statements.empty() && script->unread == 0);
}

std::vector<Found> not_read(const Review& review) {
  std::vector<Found> found;
  const auto add = [&found](const Script* script, const char* section) {
    if (script == nullptr || script->unread == 0) return;
    found.push_back({section,
                     "the section is " + format_bytes(static_cast<std::int64_t>(script->unread)) +
                         ": above 4 MB it is taken for rows, and no rule has looked into it",
                     "put schema changes into a revision of their own, and only rows into this one",
                     ""});
  };
  add(&review.upgrade, "upgrade");
  add(review.downgrade, "downgrade");
  return found;
}

std::vector<Found> without_downgrade(const Review& review) {
  if (!review.has_file || review.irreversible || !is_empty(review.downgrade)) return {};
  if (review.upgrade.statements.empty()) return {};
  // What changes nothing but validity, statistics or rows has nothing to undo.
  const auto& statements = review.upgrade.statements;
  const bool nothing_to_undo =
      review.downgrade != nullptr &&
      std::all_of(statements.begin(), statements.end(), [](const Statement& one) {
        return std::all_of(one.actions.begin(), one.actions.end(), [](const Action& action) {
          return action.what == What::validate_constraint || action.what == What::analyze ||
                 action.what == What::update || action.what == What::select ||
                 action.what == What::run_block || action.what == What::vacuum ||
                 action.what == What::reindex || action.what == What::refresh ||
                 action.what == What::set_variable;
        });
      });
  if (nothing_to_undo) return {};
  return {{"",
           review.downgrade == nullptr ? "there is no way back: no downgrade section"
                                       : "there is no way back: the downgrade section is empty",
           "write what undoes it, or -- steward:irreversible and why", ""}};
}

struct Name {
  What made;
  std::string object;
  bool operator<(const Name& other) const {
    return std::tie(made, object) < std::tie(other.made, other.object);
  }
};

// What an upgrade makes, by name, and what a downgrade would have to drop.
std::set<Name> made_by(const Script& script) {
  std::set<Name> names;
  for (const Statement& statement : script.statements)
    for (const Action& action : statement.actions) {
      const bool table = action.what == What::create_table || action.what == What::create_partition;
      if (table) names.insert({What::create_table, action.relation});
      if (action.what == What::add_column)
        names.insert({What::add_column, action.relation + "." + action.object});
    }
  return names;
}

std::set<Name> dropped_by(const Script& script) {
  std::set<Name> names;
  for (const Statement& statement : script.statements)
    for (const Action& action : statement.actions) {
      if (action.what == What::drop_table) names.insert({What::create_table, action.relation});
      if (action.what == What::drop_column)
        names.insert({What::add_column, action.relation + "." + action.object});
    }
  return names;
}

bool drops_more(const Script& script) {
  for (const Statement& statement : script.statements)
    for (const Action& action : statement.actions)
      if (action.cascade || action.what == What::drop_schema || action.what == What::rename ||
          action.what == What::run_block || action.what == What::unknown)
        return true;
  return false;
}

std::vector<Found> not_inverse(const Review& review) {
  std::vector<Found> found;
  if (is_empty(review.downgrade) || review.downgrade->unread > 0 || drops_more(*review.downgrade) ||
      drops_more(review.upgrade))
    return found;
  const std::set<Name> made = made_by(review.upgrade), dropped = dropped_by(*review.downgrade);
  const std::set<Name> gone = dropped_by(review.upgrade);
  for (const Name& name : made) {
    if (dropped.contains(name) || gone.contains(name)) continue;
    const std::string table = name.object.substr(0, name.object.rfind('.'));
    if (name.made == What::add_column && dropped.contains({What::create_table, table})) continue;
    if (name.made == What::add_column && made.contains({What::create_table, table})) continue;
    found.push_back({name.object, "the downgrade leaves what the upgrade made",
                     "drop it in the downgrade; steward roundtrip proves the way back", ""});
  }
  for (const Name& name : dropped)
    if (!made.contains(name))
      found.push_back({name.object, "the downgrade drops what the upgrade did not make",
                       "take it out of the downgrade", ""});
  return found;
}

std::vector<Found> downgrade_loses(const Review& review) {
  if (is_empty(review.downgrade)) return {};
  for (const Name& name : dropped_by(*review.downgrade))
    return {{name.object, "the way back drops the data that came meanwhile",
             "know it, and export it first", ""}};
  return {};
}

std::vector<Found> too_large(const Review& review) {
  std::set<std::string> altered;
  for (const Statement& statement : review.upgrade.statements)
    for (const Action& action : statement.actions)
      if (!action.relation.empty() && action.what != What::select && action.what != What::comment &&
          !review.after.is_new_or_empty(action.relation) && action.what != What::create_view)
        altered.insert(action.relation);
  if (static_cast<int>(altered.size()) <= review.limits.most_changes) return {};
  std::string names;
  for (const std::string& name : altered) names += (names.empty() ? "" : ", ") + name;
  return {{"",
           "it changes " + std::to_string(altered.size()) + " tables that were there before (" +
               names +
               "): when one "
               "of them fails, all are rolled back, and until then all are locked",
           "one logical change in a revision", ""}};
}

Verdict destructive(const Scene& scene) {
  const bool destroys = scene.is(What::drop_table) || scene.is(What::drop_column) ||
                        scene.is(What::truncate) || scene.is(What::drop_schema) ||
                        scene.is(What::drop_database);
  const bool narrows =
      scene.is(What::alter_type) && type_change(scene.action, scene.known) == Change::narrows;
  if ((!destroys && !narrows) || (!scene.relation().empty() && !scene.in_use())) return {};
  return Found{scene.relation().empty() ? scene.action.object : scene.relation(), "data is lost",
               "add, and never take away", ""};
}

constexpr Rule rules[] = {
    {"revision-without-downgrade", Severity::warning, true, false,
     "no downgrade section, or an empty one", nullptr, &without_downgrade},
    {"downgrade-not-inverse", Severity::warning, true, false,
     "a downgrade that does not undo the upgrade", nullptr, &not_inverse},
    {"downgrade-data-loss", Severity::note, false, false, "a downgrade that loses data", nullptr,
     &downgrade_loses},
    {"revision-too-large", Severity::warning, true, false,
     "several logical changes in one revision", nullptr, &too_large},
    {"section-not-read", Severity::warning, true, false, "a section too long to be looked into",
     nullptr, &not_read, true},
    {"destructive-change", Severity::warning, false, false, "anything that loses data",
     &destructive},
    {"revision-edited-after-apply", Severity::error, true, false,
     "an applied revision whose file is another now"},
    {"revision-missing", Severity::error, true, false, "an applied revision without a file"},
    {"revision-non-linear", Severity::warning, true, false, "several heads"},
};

}  // namespace

std::span<const Rule> revision_rules() {
  return rules;
}

}  // namespace steward::safety
