#include "runner/safety/lint.h"

#include <algorithm>
#include <utility>

namespace steward::safety {
namespace {

// Beyond this a section is data for the most part; as trees it would not fit into memory.
constexpr std::uint64_t longest_section = 4 * 1024 * 1024;

Script script_of(const revision::File& file, const revision::Section& section,
                 const Settings& settings) {
  const revision::Options& options = section.options;
  Script script;
  script.revision = file.id;
  script.file = file.path.string();
  script.transaction = options.transaction;
  script.lock_timeout = options.lock_timeout.empty() ? settings.lock_timeout : options.lock_timeout;
  script.statement_timeout =
      options.statement_timeout.empty() ? settings.statement_timeout : options.statement_timeout;
  if (section.length <= longest_section)
    read_statements(script, revision::text(file, section), section.line);
  else
    script.unread = section.length;
  return script;
}

// What is read, what is locked most, what is first.
const Touch* most_telling(const Effects& effects, const std::string& relation) {
  const Touch* best = nullptr;
  const auto weight = [&](const Touch& touch) {
    return (touch.relation == relation ? 8 : 0) + (touch.rewrites ? 4 : 0) + (touch.scans ? 2 : 0) +
           (blocks_use(touch.lock) ? 1 : 0);
  };
  for (const Touch& touch : effects.touches)
    if (best == nullptr || weight(touch) > weight(*best)) best = &touch;
  return best;
}

}  // namespace

Subject subject_of(const revision::File& file, const Settings& settings) {
  Subject subject;
  subject.upgrade = script_of(file, file.upgrade, settings);
  subject.too_long = subject.upgrade.unread > 0;
  if (file.downgrade) subject.downgrade = script_of(file, *file.downgrade, settings);
  for (const revision::Allowance& allowance : file.allow)
    subject.upgrade.allowed.push_back({allowance.rule, allowance.reason, allowance.line, 0});
  subject.irreversible = file.irreversible.has_value();
  return subject;
}

Subject subject_of_script(const std::string& text, const std::string& file,
                          const Settings& settings) {
  Subject subject;
  subject.has_file = false;
  subject.upgrade.file = file;
  subject.upgrade.lock_timeout = settings.lock_timeout;
  subject.upgrade.statement_timeout = settings.statement_timeout;
  read_statements(subject.upgrade, text, 1);
  return subject;
}

struct Linter::Run {
  const Subject& subject;
  Review review;
  std::vector<Finding> findings;
  Seen seen;
};

Linter::Linter(Settings settings, Knowledge known)
    : settings_(std::move(settings)), known_(std::move(known)) {}

Severity Linter::softened(const Rule& rule, const Found& found, Severity level,
                          const Effects* effects) const {
  if (settings_.levels.is_given(rule)) return level;
  if (found.severity) level = *found.severity;
  if (!rule.harm_is_waiting || effects == nullptr || effects->touches.empty()) return level;
  for (const Touch& touch : effects->touches) {
    const Table* table = known_.find(touch.relation);
    const bool is_small =
        table != nullptr && table->bytes && *table->bytes < settings_.limits.large_table &&
        seconds_for(touch, known_, settings_.limits).value_or(1e9) < settings_.limits.short_wait;
    if (touch.lock >= Lock::share_update_exclusive && !is_small &&
        !known_.is_new_or_empty(touch.relation))
      return level;
  }
  return Severity::note;
}

bool Linter::concerns_large(const Effects* effects, const std::string& relation) const {
  const auto is_large = [this](const std::string& name) {
    const Table* table = known_.find(name);
    return table != nullptr && table->bytes.value_or(0) >= settings_.limits.large_table;
  };
  if (is_large(relation)) return true;
  return effects != nullptr &&
         std::any_of(effects->touches.begin(), effects->touches.end(), [&](const Touch& touch) {
           return blocks_use(touch.lock) && is_large(touch.relation);
         });
}

void Linter::add(Run& run, const Rule& rule, const Found& found, const Statement* statement,
                 const Effects* effects, const std::string& relation) {
  const std::optional<Severity> level = settings_.levels.of(rule);
  if (!level) return;
  Finding finding;
  finding.rule = rule.id;
  finding.severity = softened(rule, found, *level, effects);
  finding.object = found.object;
  finding.message = found.message;
  finding.hint = found.hint;
  finding.fix = found.fix;
  finding.revision = run.subject.upgrade.revision;
  finding.file = run.subject.upgrade.file;
  finding.line = statement == nullptr ? 1 : statement->line;
  finding.statement = statement == nullptr ? 0 : statement->number;
  if (effects != nullptr)
    if (const Touch* touch = most_telling(*effects, relation))
      finding.effect = cost_of(*touch, known_, settings_.limits);
  finding.large = concerns_large(effects, relation);
  run.findings.push_back(std::move(finding));
}

void Linter::note_use(Run& run, const Statement& statement, const Effects& effects) {
  // The size of a partitioned table is that of its partitions: they cost no more time than it.
  const auto is_counted = [&](const Touch& touch) {
    const Table* table = known_.find(touch.relation);
    return table != nullptr && !table->parent.empty() &&
           std::any_of(effects.touches.begin(), effects.touches.end(),
                       [&](const Touch& other) { return other.relation == table->parent; });
  };
  for (const Touch& touch : effects.touches)
    run.seen.uses.push_back(
        {touch, statement.number, statement.line,
         is_counted(touch) ? 0 : seconds_for(touch, known_, settings_.limits).value_or(0),
         known_.is_new_or_empty(touch.relation)});
  for (const Action& action : statement.actions) {
    const bool column = action.what == What::drop_column;
    if (action.what == What::drop_table || column)
      run.seen.drops.push_back(action.relation + (column ? "." + action.object : ""));
    if (action.what == What::create_table) run.seen.creates.push_back(action.relation);
    if (action.relation.empty()) continue;
    run.seen.names.emplace_back(action.relation, statement.line);
    if (!action.object.empty())
      run.seen.names.emplace_back(action.relation + "." + action.object, statement.line);
  }
}

void Linter::look_at(Run& run, const Statement& statement) {
  const Effects effects = refined(statement, known_);
  note_use(run, statement, effects);
  for (const Action& action : statement.actions) {
    const Scene scene{known_, run.subject.upgrade, statement, action, effects, settings_.limits};
    for (const Rule& rule : all_rules())
      if (rule.look != nullptr)
        if (const Verdict found = rule.look(scene))
          add(run, rule, *found, &statement, &effects, action.relation);
  }
  Effects blocking = effects;
  std::erase_if(blocking.touches,
                [&](const Touch& touch) { return known_.is_new_or_empty(touch.relation); });
  run.review.effects.push_back(std::move(blocking));
  for (const Action& action : statement.actions) known_.apply(action);
}

// Each finding is waived by the first allowance for it; an allowance that waives nothing is itself
// a finding. What a database's sizes make quiet is not held against it.
void Linter::waive(Run& run) {
  std::vector<Finding> faults;
  for (const Allowed& allowed : run.subject.upgrade.allowed) {
    bool used = false;
    for (Finding& finding : run.findings)
      if (finding.rule == allowed.rule &&
          (allowed.statement == 0 || allowed.statement == finding.statement)) {
        used = true;
        if (!allowed.reason.empty() && !finding.waiver) finding.waiver = allowed.reason;
      }
    const Rule* rule = find_rule(allowed.rule);
    const char* fault = nullptr;
    Found found{allowed.rule, "", "", ""};
    if (rule == nullptr) {
      fault = "allow-unknown-rule";
      found.message = "there is no rule \"" + allowed.rule + "\"";
      const Rule* meant = rule_like(allowed.rule);
      found.hint = meant == nullptr ? "steward lint --rules lists them"
                                    : "is \"" + std::string(meant->id) + "\" meant?";
    } else if (allowed.reason.empty()) {
      fault = "allow-without-reason";
      found.message = "the allow gives no reason, and allows nothing";
      found.hint = "write the reason behind the rule: -- allow: " + allowed.rule + " why";
    } else if (!used && settings_.levels.of(*rule) && known_.server.version == 0 &&
               (rule->look != nullptr || rule->review != nullptr)) {
      fault = "allow-unused";
      found.message = "the allow matches nothing that the rule finds";
      found.hint = "take it out";
    }
    if (fault == nullptr) continue;
    Run at{run.subject, run.review, {}, {}};
    add(at, *find_rule(fault), found, nullptr, nullptr, "");
    for (Finding& finding : at.findings) {
      finding.line = allowed.line;
      faults.push_back(std::move(finding));
    }
  }
  run.findings.insert(run.findings.end(), faults.begin(), faults.end());
}

std::vector<Finding> Linter::look(const Subject& subject) {
  if (!settings_.together) known_.settle();
  const Script* downgrade = subject.downgrade ? &*subject.downgrade : nullptr;
  Run run{subject,
          {known_,
           subject.upgrade,
           downgrade,
           subject.irreversible,
           subject.has_file,
           {},
           settings_.limits},
          {},
          {}};
  run.seen.revision = subject.upgrade.revision;
  run.seen.file = subject.upgrade.file;
  run.seen.allowed = subject.upgrade.allowed;
  for (const Statement& statement : subject.upgrade.statements) look_at(run, statement);
  for (const Rule& rule : all_rules()) {
    if (rule.review == nullptr || (subject.too_long && !rule.judges_unread)) continue;
    for (const Found& found : rule.review(run.review)) {
      const auto number = static_cast<std::size_t>(found.statement);
      const bool placed = number > 0 && number <= run.review.effects.size();
      add(run, rule, found, placed ? &subject.upgrade.statements[number - 1] : nullptr,
          placed ? &run.review.effects[number - 1] : nullptr, found.object);
    }
  }
  waive(run);
  std::stable_sort(run.findings.begin(), run.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.line < b.line; });
  seen_.push_back(std::move(run.seen));
  return std::move(run.findings);
}

void Linter::pass(const Subject& subject) {
  if (!settings_.together) known_.settle();
  for (const Statement& statement : subject.upgrade.statements)
    for (const Action& action : statement.actions) known_.apply(action);
}

}  // namespace steward::safety
