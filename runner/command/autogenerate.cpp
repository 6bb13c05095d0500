#include "runner/command/autogenerate.h"

#include "runner/command/outlook.h"
#include "runner/command/own_rows.h"
#include "runner/command/question.h"
#include "runner/command/schema.h"
#include "runner/command/uncompared.h"
#include "runner/command/undescribed.h"
#include "runner/diff.h"
#include "runner/proof.h"
#include "runner/witness.h"

namespace steward::command {
namespace {

struct Sides {
  url::Target server;
  Built revisions;
  Built desired;
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
  sides.desired = named_source(
      session, sides.server, source, [&](const url::Target& target, pg::Connection& connection) {
        if (!sides.pg_dump.empty())
          sides.description = referee::describe(sides.pg_dump, target, connection);
      });
  return sides;
}

// Shows the proved change to pg_dump, and to tables with rows. The shadow is used up then.
void show_to_witnesses(Session& session, Sides& sides, const witness::Claim& claim,
                       const AutogenerateOptions& options) {
  shadow::Shadow& shadow = *sides.revisions.shadow;
  if (!sides.pg_dump.empty())
    witness::judge(shadow, sides.server, sides.pg_dump, claim, sides.description);
  const config::Autogenerate& usual = session.config().autogenerate;
  const std::string rows = options.rows.empty() ? usual.rows : options.rows;
  if (rows == "copy")
    return try_on_own_rows(session, sides.server, claim, sides.revisions.schema,
                           sides.desired.schema,
                           options.rows_limit.empty() ? usual.rows_limit : options.rows_limit);
  if (rows == "none") return;
  for (const std::string& finding :
       witness::try_with_rows(shadow, claim, sides.revisions.schema, sides.desired.schema))
    session.output().warning(finding);
}

// Somebody has to say that data may be destroyed: a flag, or a person who is asked.
void require_harmless(Session& session, const diff::Script& upgrade,
                      const renaming::Renamed& renamed, bool allowed) {
  if (allowed || !upgrade.destructive()) return;
  const std::string losses = upgrade.losses();
  if (can_ask(session)) {
    session.output().warning("the change destroys data:\n" + losses);
    if (ask(session, "write it all the same?")) return;
  }
  std::string hint = "add --allow-destructive when that is meant";
  for (const rename::Likeness& likeness : renamed.unsaid)
    hint += ", or " + request_for(likeness.rename) + " (" + likeness.rename.evidence + ")";
  if (renamed.unsaid.empty()) hint += ", or --rename old=new when it has another name now";
  throw Error(Exit::refused, "destructive", "the change would destroy data", losses, hint);
}

revision::Section section(bool in_transaction) {
  revision::Section section;
  section.options.transaction = in_transaction;
  return section;
}

pg::Connection* database_of(Session& session) {
  return session.names_database() ? &session.connection() : nullptr;
}

Json tell_uncompared(Session& session, const Sides& sides) {
  return tell_uncompared(session, sides.revisions.schema.uncompared,
                         sides.desired.schema.uncompared);
}

Exit nothing_to_write(Session& session) {
  session.output().say("nothing to write: the revisions make the desired schema");
  session.output().object({{"verb", "revision"}, {"differences", Json::array()}});
  return Exit::done;
}

void write_whole(Session& session, const RevisionOptions& revision, const proof::Change& change) {
  RevisionScripts scripts;
  scripts.upgrade = diff::to_text(change.upgrade);
  scripts.downgrade = diff::to_text(change.downgrade);
  scripts.upgrade_section = section(change.upgrade_in_transaction);
  scripts.downgrade_section = section(change.downgrade_in_transaction);
  new_revision(session, revision, scripts);
}

// The first has the options that were given; those behind it have its message, and what for.
void write_stages(Session& session, const RevisionOptions& revision,
                  const std::vector<proof::Stage>& stages) {
  std::vector<std::string> parents = chosen_parent(session, revision);
  RevisionOptions options = revision;
  Json written = Json::array();
  for (const proof::Stage& stage : stages) {
    if (&stage != &stages.front()) {
      options = {};
      options.message = revision.message + ": " + stage.message;
    }
    RevisionScripts scripts;
    scripts.upgrade = diff::to_text(stage.upgrade);
    scripts.downgrade = stage.downgrade;
    scripts.upgrade_section = section(stage.upgrade_in_transaction);
    scripts.downgrade_section = section(stage.downgrade_in_transaction);
    const Written one = write_file(session, options, parents, scripts);
    session.output().line(one.path.string());
    written.push_back({{"revision", one.id}, {"parents", parents}, {"file", one.path.string()}});
    parents = {one.id};
  }
  session.output().object({{"verb", session.verb()}, {"revisions", written}});
}

std::set<std::string> lost_by(const diff::Script& script) {
  std::set<std::string> ids;
  for (const diff::Statement& statement : script.statements)
    if (!statement.loss.empty()) ids.insert(statement.about);
  return ids;
}

witness::Claim claim_of(const proof::Change& change) {
  return {{diff::to_text(change.upgrade), change.upgrade_in_transaction},
          {diff::to_text(change.downgrade), change.downgrade_in_transaction},
          lost_by(change.upgrade)};
}

// All stages, one behind the other.
witness::Claim claim_of(const std::vector<proof::Stage>& stages) {
  witness::Claim claim{{"", false}, {"", false}};
  for (const proof::Stage& stage : stages) {
    claim.lost.merge(lost_by(stage.upgrade));
    claim.upgrade.text += diff::to_text(stage.upgrade);
    claim.downgrade.text = stage.downgrade + claim.downgrade.text;
  }
  return claim;
}

Exit autogenerate_online(Session& session, const RevisionOptions& revision,
                         const AutogenerateOptions& options, Sides& sides,
                         const renaming::Wishes& wishes) {
  shadow::Shadow& shadow = *sides.revisions.shadow;
  const proof::OnlineChange change =
      proof::prove_online(shadow, sides.revisions.schema, sides.desired.schema, wishes);
  tell(session, change.renamed);
  if (change.stages.empty()) return nothing_to_write(session);
  diff::Script all;
  std::vector<Part> parts;
  for (const proof::Stage& stage : change.stages) {
    all.statements.insert(all.statements.end(), stage.upgrade.statements.begin(),
                          stage.upgrade.statements.end());
    parts.push_back({diff::to_text(stage.upgrade), !stage.upgrade_in_transaction});
    for (const std::string& warning : stage.upgrade.warnings) session.output().warning(warning);
  }
  require_harmless(session, all, change.renamed, options.allow_destructive);
  const auto findings = findings_in(session, parts, shadow.connection(), database_of(session));
  show_to_witnesses(session, sides, claim_of(change.stages), options);
  write_stages(session, revision, change.stages);
  for (const std::string& unsafe : change.unsafe)
    session.output().warning("nothing that keeps nobody waiting is known for this: " + unsafe);
  warn_of(session, findings);
  return Exit::done;
}

}  // namespace

Exit autogenerate(Session& session, const RevisionOptions& revision,
                  const AutogenerateOptions& options) {
  Sides sides = build(session, options);
  const renaming::Wishes said =
      wishes(session, options.renames, desired_source(session, options.schema));
  tell_uncompared(session, sides);
  if (options.online) return autogenerate_online(session, revision, options, sides, said);
  shadow::Shadow& shadow = *sides.revisions.shadow;
  const proof::Change change =
      proof::prove(shadow, sides.revisions.schema, sides.desired.schema, said);
  if (change.upgrade.empty()) return nothing_to_write(session);
  tell(session, change.renamed);
  require_harmless(session, change.upgrade, change.renamed, options.allow_destructive);
  for (const std::string& warning : change.upgrade.warnings) session.output().warning(warning);
  const Outlook outlook =
      outlook_of(session, change.upgrade, shadow.connection(), database_of(session));
  show_to_witnesses(session, sides, claim_of(change), options);
  write_whole(session, revision, change);
  warn_of(session, outlook.findings);
  return Exit::done;
}

Exit check(Session& session, const AutogenerateOptions& options) {
  const std::string source = desired_source(session, options.schema);
  const Sides sides = build(session, options);
  const std::vector<std::string> differences =
      diff::summary(sides.revisions.schema, sides.desired.schema);
  for (const std::string& line : differences) session.output().line(line);
  Json result = {{"verb", "check"},
                 {"differences", differences},
                 {"fingerprint", sides.desired.schema.fingerprint()},
                 {"not_compared", tell_uncompared(session, sides)}};
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
