#include "runner/command/diff.h"

#include <tuple>

#include "runner/command/outlook.h"
#include "runner/command/safety.h"
#include "runner/command/schema.h"
#include "runner/command/stages.h"
#include "runner/command/uncompared.h"
#include "runner/proof.h"

namespace steward::command {
namespace {

// Shadows are made beside the database that is compared, so that both are of one release.
url::Target server_for(Session& session, const DiffOptions& options) {
  for (const std::string& source : {options.from, options.to}) {
    if (!is_url(source)) continue;
    const url::Target target = url::parse(source);
    if (is_url(options.from) && is_url(options.to)) return target;  // no shadow may be needed
    pg::Connection connection(target, "steward diff");
    if (!shadow::possible(connection)) continue;
    sweep_shadows(session, target);
    return target;
  }
  return shadow_server(session);
}

struct Sides {
  Built from;
  Built to;
};

// The old schema in a shadow. False: there can be none.
bool place_old(Session& session, const url::Target& server, Sides& sides) {
  if (sides.from.shadow != nullptr) return true;
  pg::Connection connection(server, "steward " + session.verb());
  if (!shadow::possible(connection)) return false;
  sides.from = copy_of(server, sides.from.schema);
  return sides.from.shadow != nullptr;
}

Error no_copy(const std::string& what) {
  return Error(Exit::refused, "no_copy",
               what + " tried in a copy of the old schema, and none could be made", "",
               "let the role make databases: ALTER ROLE ... CREATEDB");
}

renaming::Renamed renamed(Session& session, const url::Target& server, Sides& sides,
                          const renaming::Wishes& wishes) {
  renaming::Renamed unchanged;
  unchanged.schema = sides.from.schema;
  if (!renaming::wanted(sides.from.schema, sides.to.schema, wishes)) return unchanged;
  if (place_old(session, server, sides))
    return renaming::make(*sides.from.shadow, sides.from.schema, sides.to.schema, wishes);
  if (!wishes.requests.empty()) throw no_copy("renames are");
  for (int level = 0; level < rename::levels; ++level)
    for (rename::Likeness& one : rename::alike(sides.from.schema, sides.to.schema, level))
      unchanged.unsaid.push_back(std::move(one));
  return unchanged;
}

Json object_of(const diff::Statement& statement, const Prospect& prospect) {
  Json object = {{"sql", statement.sql}};
  if (!statement.loss.empty()) object["loss"] = statement.loss;
  if (!statement.note.empty()) object["note"] = statement.note;
  object["locks"] = prospect.locks;
  return object;
}

void print(Session& session, const diff::Script& script, const Outlook& outlook,
           const std::vector<std::string>& summary, const renaming::Renamed& renamed,
           const Json& uncompared, bool names_only) {
  for (const std::string& warning : script.warnings) session.output().warning(warning);
  tell(session, renamed);
  if (names_only)
    for (const std::string& line : summary) session.output().line(line);
  else
    print_statements(session, script, outlook);
  if (!names_only) warn_of(session, outlook.findings);
  Json statements = Json::array();
  for (std::size_t at = 0; at < script.statements.size(); ++at)
    statements.push_back(object_of(script.statements[at], outlook.statements[at]));
  session.output().object({{"verb", "diff"},
                           {"differences", summary},
                           {"renames", objects_of(renamed.renames)},
                           {"statements", statements},
                           {"findings", findings_object(outlook.findings)},
                           {"warnings", script.warnings},
                           {"not_compared", uncompared}});
}

// Of the database that the script begins at.
Outlook outlook_for(Session& session, const DiffOptions& options, const diff::Script& script,
                    const Sides& sides) {
  if (script.empty() || options.summary)
    return {std::vector<Prospect>(script.statements.size()), {}};
  const std::string& source = options.downgrade ? options.to : options.from;
  const Built& built = options.downgrade ? sides.to : sides.from;
  if (!is_url(source)) return outlook_of(session, script, built.shadow->connection(), nullptr);
  pg::Connection connection(url::parse(source), "steward diff");
  return outlook_of(session, script, connection, &connection);
}

// What the rules find in the stages, one behind the other.
std::vector<safety::Finding> findings_of(Session& session, const proof::OnlineChange& change,
                                         pg::Connection& schema, pg::Connection* database) {
  std::vector<Part> parts;
  for (const proof::Stage& stage : change.stages)
    parts.push_back({diff::to_text(stage.upgrade), !stage.upgrade_in_transaction});
  return findings_in(session, parts, schema, database);
}

// In stages, proved as those of revision --autogenerate --online are.
Exit diff_online(Session& session, const DiffOptions& options, const url::Target& server,
                 Sides& sides) {
  std::unique_ptr<pg::Connection> database;
  if (is_url(options.from))
    database = std::make_unique<pg::Connection>(url::parse(options.from), "steward diff");
  if (!place_old(session, server, sides)) throw no_copy("an online plan is");
  const renaming::Wishes said = wishes(session, options.renames, options.to);
  shadow::Shadow& shadow = *sides.from.shadow;
  const proof::OnlineChange change =
      proof::prove_online(shadow, sides.from.schema, sides.to.schema, said);
  const diff::Script script = joined_stages(change.stages);
  for (const std::string& warning : script.warnings) session.output().warning(warning);
  tell(session, change.renamed);
  const Outlook outlook = outlook_of(session, script, shadow.connection(), database.get());
  print_stages(session, change, outlook, options.downgrade);
  const auto findings = findings_of(session, change, shadow.connection(), database.get());
  if (!options.downgrade) warn_of(session, findings);
  session.output().object({{"verb", "diff"},
                           {"differences", diff::summary(sides.from.schema, sides.to.schema)},
                           {"renames", objects_of(change.renamed.renames)},
                           {"stages", objects_of(change.stages)},
                           {"unsafe", change.unsafe},
                           {"findings", findings_object(findings)},
                           {"warnings", script.warnings}});
  return Exit::done;
}

}  // namespace

Exit diff(Session& session, const DiffOptions& options) {
  const url::Target server = server_for(session, options);
  Sides sides;
  std::tie(sides.from, sides.to) = named_sources(session, server, options.from, options.to);
  if (options.online) return diff_online(session, options, server, sides);
  const renaming::Renamed old =
      renamed(session, server, sides, wishes(session, options.renames, options.to));
  const diff::Script script = options.downgrade ? renaming::downgrade(old, sides.to.schema)
                                                : renaming::upgrade(old, sides.to.schema);
  if (!old.renames.empty()) renaming::undo(*sides.from.shadow, old.renames);
  const auto summary = options.downgrade ? diff::summary(sides.to.schema, sides.from.schema)
                                         : diff::summary(sides.from.schema, sides.to.schema);
  const Json uncompared =
      tell_uncompared(session, sides.from.schema.uncompared, sides.to.schema.uncompared);
  print(session, script, outlook_for(session, options, script, sides), summary, old, uncompared,
        options.summary);
  return Exit::done;
}

}  // namespace steward::command
