#include "runner/safety/rules.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace steward::safety {
namespace {

// Levenshtein's: letters that come, go or change.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

const std::vector<Rule>& all_rules() {
  static const std::vector<Rule> rules = [] {
    std::vector<Rule> all;
    for (const auto room :
         {&column_rules, &alteration_rules, &constraint_rules, &index_rules, &drop_rules,
          &rename_rules, &partition_rules, &table_rules, &access_rules, &data_rules,
          &transaction_rules, &timeout_rules, &revision_rules, &size_rules, &style_rules}) {
      const std::span<const Rule> some = room();
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }();
  return rules;
}

const Rule* find_rule(std::string_view id) {
  static const std::unordered_map<std::string_view, const Rule*> index = [] {
    std::unordered_map<std::string_view, const Rule*> made;
    for (const Rule& rule : all_rules()) made.emplace(rule.id, &rule);
    return made;
  }();
  const auto found = index.find(id);
  return found == index.end() ? nullptr : found->second;
}

const Rule* rule_like(std::string_view id) {
  const Rule* best = nullptr;
  std::size_t least = 3;
  for (const Rule& rule : all_rules())
    if (const std::size_t far = distance(id, rule.id); far < least) {
      least = far;
      best = &rule;
    }
  return best;
}

bool Levels::set(const std::string& rule, const std::string& level) {
  if (find_rule(rule) == nullptr) return false;
  if (level != "off" && level != "on" && !severity_named(level)) return false;
  levels_[rule] = level;
  return true;
}

std::optional<Severity> Levels::of(const Rule& rule) const {
  const auto found = levels_.find(std::string(rule.id));
  if (found == levels_.end())
    return rule.enabled ? std::optional<Severity>(rule.severity) : std::nullopt;
  if (found->second == "off") return std::nullopt;
  return found->second == "on" ? rule.severity : severity_named(found->second);
}

bool Levels::is_given(const Rule& rule) const {
  const auto found = levels_.find(std::string(rule.id));
  return found != levels_.end() && severity_named(found->second).has_value();
}

}  // namespace steward::safety
