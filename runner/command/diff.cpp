#include "runner/command/diff.h"

#include "runner/diff.h"
#include "runner/snapshot.h"

namespace steward::command {
namespace {

snapshot::Snapshot read(const std::string& source) {
  pg::Connection connection(url::parse(source), "steward diff");
  return snapshot::read(connection);
}

}  // namespace

Exit diff(Session& session, const DiffOptions& options) {
  const snapshot::Snapshot from = read(options.from), to = read(options.to);
  const diff::Script script = options.downgrade ? diff::make(to, from) : diff::make(from, to);
  for (const std::string& warning : script.warnings) session.output().warning(warning);
  session.output().text(diff::to_text(script));
  return Exit::done;
}

}  // namespace steward::command
