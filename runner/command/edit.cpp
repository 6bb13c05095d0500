#include "runner/command/edit.h"

#include <cstdlib>

#include "runner/process.h"
#include "runner/revision/target.h"

namespace steward::command {
namespace {

std::string editor() {
  for (const char* name : {"VISUAL", "EDITOR"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
  throw Error(Exit::usage, "no_editor", "no editor is set", "", "export EDITOR=vi");
}

// Without a database, or when it does not answer, nothing is known to be applied.
revision::Applied applied(Session& session) {
  if (!session.names_database()) return {};
  try {
    return session.state().applied();
  } catch (const Error& error) {
    if (error.exit() != Exit::unreachable) throw;
    session.output().note(
        "the database does not answer; whether the revision is applied is not known");
    return {};
  }
}

}  // namespace

Exit edit(Session& session, const EditOptions& options) {
  const std::string program = editor();
  const plan::Project& project = session.project();
  const revision::Applied there = applied(session);
  const std::string id = revision::resolve_one(project.graph(), there, options.target);
  if (id.empty())
    throw Error(Exit::graph, "unknown_revision", "base is no revision that could be edited");
  if (there.contains(id) && !session.globals().yes)
    throw Error(Exit::refused, "already_applied", "revision \"" + id + "\" is applied already",
                "an edit would contradict what was done",
                "write a new one: steward revision -m \"...\"; to edit it all the same: --yes");
  const std::string path = project.find(id)->path.string();
  session.output().object({{"verb", "edit"}, {"revision", id}, {"file", path}});
  session.output().flush();
  // An editor may be set with arguments: "code --wait".
  process::become({{"sh", "-c", "exec " + program + " \"$1\"", "sh", path}});
}

}  // namespace steward::command
