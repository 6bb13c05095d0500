#include "runner/proof.h"

#include "runner/rename.h"

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
                const snapshot::Snapshot& to, const std::vector<std::string>& requests) {
  std::vector<rename::Rename> renames;
  snapshot::Snapshot renamed = from;
  for (const std::string& request : requests) {
    renames.push_back(rename::resolve(request, renamed));
    shadow.run(renames.back().statement, "--rename " + request);
    renamed = snapshot::read(shadow.connection());
  }
  Change change{diff::make(renamed, to), diff::make(to, renamed)};
  for (auto rename = renames.rbegin(); rename != renames.rend(); ++rename) {
    shadow.run(rename->back, "--rename");
    change.upgrade.statements.insert(change.upgrade.statements.begin(), {rename->statement, {}});
    change.downgrade.statements.push_back({rename->back, {}});
  }
  return change;
}

}  // namespace

Change prove(shadow::Shadow& shadow, const snapshot::Snapshot& from, const snapshot::Snapshot& to,
             const std::vector<std::string>& renames) {
  Change change = generate(shadow, from, to, renames);
  change.upgrade_in_transaction = attempt(shadow, change.upgrade, "upgrade");
  require_same(shadow, to, "upgrade");
  change.downgrade_in_transaction = attempt(shadow, change.downgrade, "downgrade");
  require_same(shadow, from, "downgrade");
  return change;
}

}  // namespace steward::proof
