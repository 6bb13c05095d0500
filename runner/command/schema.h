// Where schemas come from, for the verbs that compare them: a database, the revisions, files (SQL
// or a spec) and programs that say what the schema should be. What is no database is built in a
// shadow.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runner/command/session.h"
#include "runner/rename/marks.h"
#include "runner/shadow.h"
#include "runner/snapshot.h"

namespace steward::command {

// The server on which shadows are made: the database's, when its role may make databases, otherwise
// the project's own dev server, which is started when it does not run.
url::Target shadow_server(Session& session);

// Drops what killed runs left behind on that server, and says so.
void sweep_shadows(Session& session, const url::Target& server);
// A shadow there, with what [shadow] setup says has to be there before everything else. Throws as
// Shadow::run(), and Error(Exit::usage, "cannot_read_file").
std::unique_ptr<shadow::Shadow> new_shadow(Session& session, const url::Target& server);

// A schema built in a shadow, with the shadow, so that scripts can be tried on it.
struct Built {
  std::unique_ptr<shadow::Shadow> shadow;
  snapshot::Snapshot schema;
};

// All revisions applied.
Built build_revisions(Session& session, const url::Target& server, const plan::Project& project);
// What says what the schema should be: a directory's files in the order of their names, SQL and
// Markdown, a file, or `program`, which is the configured program's output.
Built build_files(Session& session, const url::Target& server, const std::string& source);

// The schema that a person names, with the shadow it was built in: a URL (which needs none), a
// directory of revisions, or what build_files() takes. look is shown the database where that schema
// is. Throws Error(Exit::usage, "no_schema") when there is nothing of that name.
using Look = std::function<void(const url::Target& database, pg::Connection& connection)>;
Built named_source(Session& session, const url::Target& server, const std::string& source,
                   const Look& look = {});
snapshot::Snapshot named_schema(Session& session, const url::Target& server,
                                const std::string& source);
// Two of them; two databases are read at the same time.
std::pair<Built, Built> named_sources(Session& session, const url::Target& server,
                                      const std::string& from, const std::string& to);
// The schema made anew in a shadow, from its snapshot alone. Without a shadow where what was made
// is not the same.
Built copy_of(const url::Target& server, const snapshot::Snapshot& schema);
// What has another name in the schema that files say, SQL or a spec, by their marks; nothing when
// it is said by something else. Throws as rename::marks_in() and spec::read().
std::vector<rename::Mark> marks_of(const std::string& source);
bool is_url(const std::string& source);

// Whether it is a spec: Markdown that describes a schema.
bool is_spec(const std::string& source);

// Where the desired schema is: the flag, else what [desired] says, else schema/, schema.sql or
// specs/database beside steward.toml. Throws Error(Exit::usage): no_schema; several_schemas, when
// more than one of these is there.
std::string desired_source(Session& session, const std::string& flag);

}  // namespace steward::command
