#include "runner/command/autogenerate.h"

#include "runner/command/schema.h"
#include "runner/command/undescribed.h"
#include "runner/diff.h"
#include "runner/proof.h"
#include "runner/witness.h"

namespace steward::command {
namespace {

struct Sides {
  url::Target server;
  Built revisions;
  snapshot::Snapshot desired;
  std::filesystem::path pg_dump;     // empty: no referee
  referee::Description description;  // of the desired schema, by the referee
};

std::filesystem::path find_referee(const AutogenerateOptions& options, int server_version) {
  if (options.referee == "never" || !options.wanted) return {};
  const std::filesystem::path found = referee::find_pg_dump(server_version);
  if (found.empty() && options.referee == "always")
    throw Error(Exit::usage, "no_referee",
                "there is no pg_dump here that understands the shadow's server", "",
                "install postgresql-client, or leave --referee away");
  return found;
}

Sides build(Session& session, const AutogenerateOptions& options) {
  const std::string source = desired_source(session, options.schema);
  Sides sides;
  sides.server = shadow_server(session);
  sides.revisions = build_revisions(session, sides.server, session.project());
  sides.pg_dump = find_referee(options, sides.revisions.shadow->connection().server_version());
  sides.desired = named_schema(
      session, sides.server, source, [&](const url::Target& target, pg::Connection& connection) {
        if (!sides.pg_dump.empty())
          sides.description = referee::describe(sides.pg_dump, target, connection);
      });
  return sides;
}

// Shows the proved change to pg_dump, and to tables with rows.
void show_to_witnesses(Session& session, Sides& sides, const proof::Change& change,
                       const AutogenerateOptions& options) {
  const witness::Claim claim{{diff::to_text(change.upgrade), change.upgrade_in_transaction},
                             {diff::to_text(change.downgrade), change.downgrade_in_transaction}};
  shadow::Shadow& shadow = *sides.revisions.shadow;
  if (!sides.pg_dump.empty())
    witness::judge(shadow, sides.server, sides.pg_dump, claim, sides.description);
  if (!options.rows) return;
  for (const std::string& finding :
       witness::try_with_rows(shadow, claim, sides.revisions.schema, sides.desired))
    session.output().warning(finding);
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
  show_to_witnesses(session, sides, change, options);
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
