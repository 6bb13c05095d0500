#include "runner/proof.h"

#include <algorithm>

#include "runner/online.h"
#include "runner/safety/catalog.h"
#include "runner/safety/cost.h"
#include "runner/safety/forecast.h"

namespace steward::proof {
namespace {

constexpr std::string_view unsafe_enum_use = "55P04";

Error not_proved(const std::string& what, const std::string& detail) {
  return Error(Exit::refused, "not_proved",
               "the generated " + what +
                   " was tried in the shadow and does not do what it should; nothing was written",
               detail, "steward diff prints the statements; write this revision by hand");
}

void run(shadow::Shadow& shadow, const std::string& text, const std::string& what,
         bool in_transaction) {
  if (in_transaction) shadow.connection().run("BEGIN");
  try {
    shadow.run(text, what);
  } catch (const Error&) {
    if (in_transaction) shadow.connection().run("ROLLBACK");
    throw;
  }
  if (in_transaction) shadow.connection().run("COMMIT");
  shadow.connection().run("RESET ALL");
}

// Returns whether one transaction was enough.
bool attempt(shadow::Shadow& shadow, const diff::Script& script, const std::string& what) {
  const std::string text = diff::to_text(script);
  try {
    run(shadow, text, what, true);
    return true;
  } catch (const Error& error) {
    if (error.sqlstate != unsafe_enum_use)
      throw not_proved(
          what, error.what() + std::string("\n") + (error.place() ? error.place()->excerpt : ""));
  }
  run(shadow, text, what, false);
  return false;
}

void require_same(shadow::Shadow& shadow, const snapshot::Snapshot& wanted,
                  const std::string& what) {
  const snapshot::Snapshot now = snapshot::read(shadow.connection());
  if (now.fingerprint() == wanted.fingerprint()) return;
  std::string left;
  for (const std::string& line : diff::summary(now, wanted))
    left += (left.empty() ? "" : "\n") + line;
  throw not_proved(what, left);
}

// The renames are made in the shadow, so that the server says what else they change, and undone.
Change generate(shadow::Shadow& shadow, const snapshot::Snapshot& from,
                const snapshot::Snapshot& to, const renaming::Wishes& wishes) {
  Change change;
  change.renamed = renaming::make(shadow, from, to, wishes);
  change.upgrade = renaming::upgrade(change.renamed, to);
  change.downgrade = renaming::downgrade(change.renamed, to);
  renaming::undo(shadow, change.renamed.renames);
  return change;
}

}  // namespace

Change prove(shadow::Shadow& shadow, const snapshot::Snapshot& from, const snapshot::Snapshot& to,
             const renaming::Wishes& wishes) {
  Change change = generate(shadow, from, to, wishes);
  change.upgrade_in_transaction = attempt(shadow, change.upgrade, "upgrade");
  require_same(shadow, to, "upgrade");
  change.downgrade_in_transaction = attempt(shadow, change.downgrade, "downgrade");
  require_same(shadow, from, "downgrade");
  return change;
}

namespace {

// What is known of the tables in the shadow, which has none of their rows.
safety::Knowledge known_of(shadow::Shadow& shadow, const std::string& script) {
  const safety::Subject subject = safety::subject_of_script(script, "diff", {});
  safety::Knowledge known = safety::ask(shadow.connection(), {subject});
  for (auto& [name, table] : known.tables) {
    table.rows.reset();
    table.bytes.reset();
  }
  return known;
}

online::Rewrites rewrites_of(shadow::Shadow& shadow, const diff::Script& script) {
  online::Rewrites rewrites;
  safety::Forecast forecast(known_of(shadow, diff::to_text(script)));
  for (const diff::Statement& statement : script.statements) {
    const std::vector<safety::Touch> touches = forecast.next(statement.sql);
    rewrites.statement.push_back(std::any_of(
        touches.begin(), touches.end(), [](const safety::Touch& touch) { return touch.rewrites; }));
  }
  rewrites.server_version = shadow.connection().server_version();
  return rewrites;
}

bool is_of_indexes(const diff::Script& script) {
  return !script.empty() &&
         std::all_of(script.statements.begin(), script.statements.end(), [](const auto& one) {
           return one.sql.starts_with("DROP INDEX ") || one.sql.starts_with("CREATE INDEX ") ||
                  one.sql.starts_with("CREATE UNIQUE INDEX ");
         });
}

diff::Script concurrently(diff::Script script) {
  static constexpr std::string_view word = "INDEX ";
  for (diff::Statement& statement : script.statements)
    statement.sql.insert(statement.sql.find(word) + word.size(), "CONCURRENTLY ");
  return script;
}

// Runs the stages forth and back; where each begins is kept.
class Stages {
 public:
  Stages(shadow::Shadow& shadow, const snapshot::Snapshot& from, const snapshot::Snapshot& to)
      : shadow_(shadow), to_(to) {
    places_.push_back(from);
  }

  std::vector<Stage> prove(const online::Plan& plan, const renaming::Renamed& renamed) {
    for (const online::Stage& stage : plan.stages) run(stage);
    finish();
    require_same(shadow_, to_, "upgrade");
    for (std::size_t at = stages_.size(); at-- > 0;) way_back(at, plan, renamed);
    return std::move(stages_);
  }

 private:
  void run(const online::Stage& stage) {
    Stage made;
    made.message = stage.message;
    made.upgrade.statements = stage.statements;
    made.upgrade_in_transaction = stage.transaction;
    if (stage.transaction)
      made.upgrade_in_transaction = attempt(shadow_, made.upgrade, "upgrade");
    else
      run_outside(diff::to_text(made.upgrade), "upgrade");
    add(std::move(made));
  }

  void add(Stage stage) {
    stages_.push_back(std::move(stage));
    places_.push_back(snapshot::read(shadow_.connection()));
  }

  void run_outside(const std::string& text, const std::string& what) {
    try {
      proof::run(shadow_, text, what, false);
    } catch (const Error& error) {
      throw not_proved(
          what, error.what() + std::string("\n") + (error.place() ? error.place()->excerpt : ""));
    }
  }

  // What a column left behind that took another's place: its comment, its privileges.
  void finish() {
    const diff::Script rest = diff::make(places_.back(), to_);
    if (rest.empty()) return;
    Stage made;
    made.message = "Say again what was said of it";
    made.upgrade = rest;
    made.upgrade_in_transaction = attempt(shadow_, rest, "upgrade");
    add(std::move(made));
  }

  // What the way back that was said leaves: comments, privileges.
  std::string rest_of_way(const snapshot::Snapshot& wanted) {
    const diff::Script rest = diff::make(snapshot::read(shadow_.connection()), wanted);
    attempt(shadow_, rest, "downgrade");
    return diff::to_text(rest);
  }

  void way_back(std::size_t at, const online::Plan& plan, const renaming::Renamed& renamed) {
    Stage& stage = stages_[at];
    const bool first = at == 0;
    diff::Script back =
        first ? renaming::downgrade(renamed, places_[1]) : diff::make(places_[at + 1], places_[at]);
    if (!stage.upgrade_in_transaction && is_of_indexes(back)) {
      stage.downgrade = diff::to_text(concurrently(std::move(back)));
      stage.downgrade_in_transaction = false;
      run_outside(stage.downgrade, "downgrade");
    } else {
      const bool said = at < plan.stages.size() && !plan.stages[at].undo.empty();
      if (said) back.statements.assign(1, {plan.stages[at].undo, {}, {}});
      stage.downgrade_in_transaction = attempt(shadow_, back, "downgrade");
      stage.downgrade = diff::to_text(back);
      if (said) stage.downgrade += rest_of_way(places_[at]);
    }
    if (stage.downgrade.empty())
      stage.downgrade = "-- nothing to take back: the schema is the same\n";
    require_same(shadow_, places_[at], "downgrade");
  }

  shadow::Shadow& shadow_;
  const snapshot::Snapshot& to_;
  std::vector<Stage> stages_;
  std::vector<snapshot::Snapshot> places_;
};

// What somebody waits for while a whole table is read or written.
std::vector<std::string> unsafe_in(shadow::Shadow& shadow, const std::vector<Stage>& stages) {
  std::string all;
  for (const Stage& stage : stages) all += diff::to_text(stage.upgrade);
  safety::Forecast forecast(known_of(shadow, all));
  std::vector<std::string> found;
  for (const Stage& stage : stages)
    for (const diff::Statement& statement : stage.upgrade.statements)
      for (const safety::Touch& touch : forecast.next(statement.sql))
        if (safety::blocks_use(touch.lock) && (touch.scans || touch.rewrites))
          found.push_back(safety::cost_of(touch, forecast.known(), {}) + "\n" + statement.sql);
  return found;
}

// In the first revision, when that runs in a transaction; otherwise in one before it.
void put_first(std::vector<diff::Statement> first, std::vector<online::Stage>& stages) {
  if (first.empty()) return;
  if (stages.empty() || !stages.front().transaction) stages.insert(stages.begin(), {"", true, {}});
  std::vector<diff::Statement>& all = stages.front().statements;
  all.insert(all.begin(), first.begin(), first.end());
}

}  // namespace

OnlineChange prove_online(shadow::Shadow& shadow, const snapshot::Snapshot& from,
                          const snapshot::Snapshot& to, const renaming::Wishes& wishes) {
  OnlineChange change;
  change.renamed = renaming::make(shadow, from, to, wishes);
  const diff::Script script = diff::make(change.renamed.schema, to);
  online::Plan plan = online::plan(script, change.renamed.schema, to, rewrites_of(shadow, script));
  renaming::undo(shadow, change.renamed.renames);
  put_first(renaming::statements(change.renamed), plan.stages);
  change.stages = Stages(shadow, from, to).prove(plan, change.renamed);
  change.unsafe = unsafe_in(shadow, change.stages);
  change.unsafe.insert(change.unsafe.end(), plan.reasons.begin(), plan.reasons.end());
  return change;
}

}  // namespace steward::proof
