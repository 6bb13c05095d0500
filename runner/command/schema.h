// Where schemas come from, for the verbs that compare them: a database, the revisions, files that
// say what the schema should be. What is no database is built in a shadow.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "runner/command/session.h"
#include "runner/shadow.h"
#include "runner/snapshot.h"

namespace steward::command {

// The server on which shadows are made: the database's, when its role may make databases, otherwise
// the project's own dev server, which is started when it does not run.
url::Target shadow_server(Session& session);

// A schema built in a shadow, with the shadow, so that scripts can be tried on it.
struct Built {
  std::unique_ptr<shadow::Shadow> shadow;
  snapshot::Snapshot schema;
};

// All revisions applied.
Built build_revisions(Session& session, const url::Target& server, const plan::Project& project);
// The desired schema: SQL files (a directory's in the order of their names), or what `source` says.
Built build_files(const url::Target& server, const std::string& source);

// The schema that a person names: a URL, a directory of revisions, a directory of SQL files, a
// file. Throws Error(Exit::usage, "no_schema") when there is nothing of that name.
snapshot::Snapshot named_schema(Session& session, const url::Target& server,
                                const std::string& source);
// The same, with the shadow it was built in; none for a URL.
Built named_source(Session& session, const url::Target& server, const std::string& source);
// The schema made anew in a shadow, from its snapshot alone. Without a shadow where what was made
// is not the same.
Built copy_of(const url::Target& server, const snapshot::Snapshot& schema);
// The SQL files that say what the schema should be; none when it is something else.
std::vector<std::filesystem::path> schema_files(const std::string& source);
bool is_url(const std::string& source);

// Where the desired schema is: the flag, else schema/ or schema.sql beside steward.toml. Throws
// Error(Exit::usage, "no_schema").
std::string desired_source(Session& session, const std::string& flag);

}  // namespace steward::command
