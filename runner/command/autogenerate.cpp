#include "runner/command/autogenerate.h"

#include "runner/command/schema.h"
#include "runner/command/undescribed.h"
#include "runner/diff.h"
#include "runner/proof.h"

namespace steward::command {
namespace {

struct Sides {
  Built revisions;
  snapshot::Snapshot desired;
};

Sides build(Session& session, const AutogenerateOptions& options) {
  const std::string source = desired_source(session, options.schema);
  const url::Target server = shadow_server(session);
  Sides sides{build_revisions(session, server, session.project()), {}};
  sides.desired = named_schema(session, server, source);
  return sides;
}

void require_harmless(const diff::Script& upgrade, bool allowed) {
  if (allowed || !upgrade.destructive()) return;
  std::string losses;
  for (const diff::Statement& statement : upgrade.statements)
    if (!statement.loss.empty())
      losses += (losses.empty() ? "" : "\n") + statement.loss + ": " + statement.sql;
  throw Error(Exit::refused, "destructive", "the change would destroy data", losses,
              "add --allow-destructive when that is meant, or --rename old=new when it has another "
              "name now");
}

revision::Section section(bool in_transaction) {
  revision::Section section;
  section.options.transaction = in_transaction;
  return section;
}

}  // namespace

Exit autogenerate(Session& session, const RevisionOptions& revision,
                  const AutogenerateOptions& options) {
  Sides sides = build(session, options);
  const proof::Change change =
      proof::prove(*sides.revisions.shadow, sides.revisions.schema, sides.desired, options.renames);
  if (change.upgrade.empty()) {
    session.output().say("nothing to write: the revisions make the desired schema");
    session.output().object({{"verb", "revision"}, {"differences", Json::array()}});
    return Exit::done;
  }
  require_harmless(change.upgrade, options.allow_destructive);
  for (const std::string& warning : change.upgrade.warnings) session.output().warning(warning);
  RevisionScripts scripts;
  scripts.upgrade = diff::to_text(change.upgrade);
  scripts.downgrade = diff::to_text(change.downgrade);
  scripts.upgrade_section = section(change.upgrade_in_transaction);
  scripts.downgrade_section = section(change.downgrade_in_transaction);
  new_revision(session, revision, scripts);
  return Exit::done;
}

Exit check(Session& session, const AutogenerateOptions& options) {
  const std::string source = desired_source(session, options.schema);
  const Sides sides = build(session, options);
  const std::vector<std::string> differences = diff::summary(sides.revisions.schema, sides.desired);
  for (const std::string& line : differences) session.output().line(line);
  Json result = {{"verb", "check"},
                 {"differences", differences},
                 {"fingerprint", sides.desired.fingerprint()}};
  const bool against_spec = !differences.empty() && is_spec(source);
  const Json undescribed = against_spec ? tell_undescribed(session, differences) : Json::array();
  if (against_spec) result["undescribed"] = undescribed;
  session.output().object(result);
  if (differences.empty()) {
    session.output().say("the revisions make the desired schema");
    return Exit::done;
  }
  session.output().note(undescribed.empty()
                            ? "steward revision --autogenerate -m \"...\" writes the revision that "
                              "is missing"
                            : "the spec comes first: describe there what the revisions do, or undo "
                              "it with steward revision --autogenerate -m \"...\"");
  return Exit::differences;
}

}  // namespace steward::command
