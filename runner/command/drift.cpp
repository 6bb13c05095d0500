#include "runner/command/drift.h"

#include <set>

#include "runner/command/schema.h"
#include "runner/diff.h"

namespace steward::command {
namespace {

// The revisions that the ledger says are applied, in its order, built in a shadow.
snapshot::Snapshot expected(Session& session) {
  plan::require_integrity(session.project(), session.state(), session.recorded());
  shadow::Shadow shadow(shadow_server(session));
  for (const ledger::Revision& applied : session.state().revisions) {
    const revision::File* file = session.project().find(applied.id);
    shadow.step({file, plan::Direction::upgrade});
  }
  return snapshot::read(shadow.connection());
}

// Each statement that would undo the drift, as comments below the name cannot be: one listing.
std::string way_back(const snapshot::Snapshot& live, const snapshot::Snapshot& wanted) {
  return diff::to_text(diff::make(live, wanted));
}

}  // namespace

Exit drift(Session& session, const DriftOptions& options) {
  const snapshot::Snapshot wanted = expected(session);
  const snapshot::Snapshot live = snapshot::read(session.connection());
  const std::vector<std::string> differences = diff::summary(wanted, live);
  for (const std::string& line : differences) session.output().line(line);
  Json object = {{"verb", "drift"}, {"differences", differences}};
  if (options.sql && !differences.empty()) {
    const std::string text = way_back(live, wanted);
    session.output().text(text);
    object["way_back"] = text;
  }
  session.output().object(object);
  if (differences.empty()) {
    session.output().say("no drift: the schema is what the revisions made");
    return Exit::done;
  }
  return Exit::differences;
}

}  // namespace steward::command
