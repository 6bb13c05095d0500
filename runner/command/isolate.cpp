#include "runner/command/isolate.h"

#include <algorithm>

#include "runner/command/listing.h"
#include "runner/text.h"

namespace steward::command {
namespace {

using isolation::Action;
using Actions = std::vector<Action>;

// "-- what it does", then the statement: a revision of these reads like one a person wrote.
std::string script(const Actions& actions) {
  std::string text;
  for (const Action& action : actions)
    text += (text.empty() ? "" : "\n") + ("-- " + action.what + "\n") + action.statement + ";\n";
  return text;
}

Actions section_of(const Actions& actions, int section) {
  Actions some;
  std::copy_if(actions.begin(), actions.end(), std::back_inserter(some),
               [section](const Action& action) { return action.section == section; });
  return some;
}

void tell(Session& session, const Actions& actions) {
  for (const Action& action : actions) session.output().note("  " + action.what);
}

std::string release(const std::string& relation) {
  return "SELECT * FROM steward.release(" + quote_literal(relation) + ");\n";
}

// Section by section, each on top of the one before; the result names them all.
void write_sections(Session& session, RevisionOptions revision, const Actions& actions,
                    const std::string& relation) {
  constexpr const char* ends[] = {"", ", 1 of 3: begin", ", 2 of 3: indexes", ", 3 of 3: finish"};
  const std::string message = revision.message;
  std::vector<std::string> parents = chosen_parent(session, revision);
  Json made = Json::array();
  for (int section = 1; section <= 3; ++section) {
    const Actions some = section_of(actions, section);
    if (some.empty()) continue;
    revision.message = message + ends[section];
    const Written written = write_file(
        session, revision, parents,
        revision_scripts(script(some),
                         made.empty() ? release(relation)
                                      : "-- The first of these revisions undoes this one too.\n",
                         section != 2));
    session.output().line(written.path.string());
    made.push_back(
        {{"revision", written.id}, {"parents", parents}, {"file", written.path.string()}});
    parents = {written.id};
    revision.rev_id.clear();
  }
  session.output().object({{"verb", "isolate"}, {"revisions", made}});
}

Exit isolate_table(Session& session, const IsolateOptions& options) {
  const Actions actions = isolation::plan(session.connection(), options.terms, options.online);
  if (actions.empty()) {
    session.output().say("nothing to do: " + options.terms.relation + " is isolated already");
    session.output().object({{"verb", "isolate"}, {"actions", Json::array()}});
    return Exit::done;
  }
  RevisionOptions revision = options.revision;
  if (revision.message.empty()) revision.message = "Isolate " + options.terms.relation;
  tell(session, actions);
  if (options.online)
    write_sections(session, revision, actions, options.terms.relation);
  else
    write_revision(
        session, revision, chosen_parent(session, revision),
        revision_scripts(options.sql ? script(actions)
                                     : "SELECT what FROM " + isolation::call(options.terms) + ";\n",
                         release(options.terms.relation), true));
  return Exit::done;
}

// A role belongs to the whole server: the way back takes away what this database gave it, and
// leaves it where other databases may need it.
std::string without_role(const std::string& role) {
  return "-- The role itself stays: other databases of this server may need it.\n"
         "DROP OWNED BY " +
         quote_identifier(role) + ";\n";
}

Exit make_role(Session& session, const IsolateOptions& options) {
  const Actions actions =
      isolation::plan_role(session.connection(), options.app_role, options.schemas);
  if (actions.empty()) {
    session.output().say("nothing to do: " + options.app_role + " is a proper application role");
    session.output().object({{"verb", "isolate"}, {"actions", Json::array()}});
    return Exit::done;
  }
  RevisionOptions revision = options.revision;
  if (revision.message.empty()) revision.message = "Make the application role " + options.app_role;
  tell(session, actions);
  std::string arguments = quote_literal(options.app_role);
  if (!options.schemas.empty())
    arguments += ", schemas => " + quote_literal(pg::format_array(options.schemas));
  write_revision(session, revision, chosen_parent(session, revision),
                 revision_scripts("SELECT what FROM steward.application_role(" + arguments + ");\n",
                                  without_role(options.app_role), true));
  session.output().note(
      "its password is set apart from revisions, which everybody may read: ALTER ROLE " +
      quote_identifier(options.app_role) + " PASSWORD ...");
  return Exit::done;
}

}  // namespace

Exit isolate(Session& session, const IsolateOptions& options) {
  if (options.app_role.empty() == options.terms.relation.empty())
    throw Error(Exit::usage, "usage", "isolate takes a table, or --app-role NAME", "",
                "steward isolate task; or steward isolate --app-role app");
  ledger::ensure_extension(session.connection(), session.state());
  return options.app_role.empty() ? isolate_table(session, options) : make_role(session, options);
}

}  // namespace steward::command
