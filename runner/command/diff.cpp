#include "runner/command/diff.h"

#include <tuple>

#include "runner/command/outlook.h"
#include "runner/command/safety.h"
#include "runner/command/schema.h"
#include "runner/command/uncompared.h"

namespace steward::command {
namespace {

using terminal::Tone;

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

renaming::Renamed renamed(Session& session, const url::Target& server, Sides& sides,
                          const renaming::Wishes& wishes) {
  renaming::Renamed unchanged;
  unchanged.schema = sides.from.schema;
  if (!renaming::wanted(sides.from.schema, sides.to.schema, wishes)) return unchanged;
  if (place_old(session, server, sides))
    return renaming::make(*sides.from.shadow, sides.from.schema, sides.to.schema, wishes);
  if (!wishes.requests.empty())
    throw Error(Exit::refused, "no_copy",
                "renames are tried in a copy of the old schema, and none could be made", "",
                "let the role make databases: ALTER ROLE ... CREATEDB");
  for (int level = 0; level < rename::levels; ++level)
    for (rename::Likeness& one : rename::alike(sides.from.schema, sides.to.schema, level))
      unchanged.unsaid.push_back(std::move(one));
  return unchanged;
}

void print_remark(report::Output& output, Tone tone, const std::string& text) {
  output.line(output.paint(tone, "-- " + terminal::harmless(text)));
}

void print_script(report::Output& output, const diff::Script& script, const Outlook& outlook) {
  if (!script.preamble().empty()) output.line(script.preamble());
  for (std::size_t at = 0; at < script.statements.size(); ++at) {
    const diff::Statement& statement = script.statements[at];
    if (!statement.note.empty()) print_remark(output, Tone::dim, statement.note);
    for (const std::string& cost : outlook.statements[at].costs)
      print_remark(output, Tone::dim, cost);
    if (!statement.loss.empty()) print_remark(output, Tone::bad, "data loss: " + statement.loss);
    output.text(statement.sql + ";\n");
  }
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
    print_script(session.output(), script, outlook);
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

}  // namespace

Exit diff(Session& session, const DiffOptions& options) {
  const url::Target server = server_for(session, options);
  Sides sides;
  std::tie(sides.from, sides.to) = named_sources(session, server, options.from, options.to);
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
