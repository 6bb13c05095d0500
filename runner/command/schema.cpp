#include "runner/command/schema.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "runner/dev.h"
#include "runner/diff.h"
#include "runner/revision/directory.h"

namespace steward::command {
namespace {

namespace fs = std::filesystem;

// SQL files of the directory and those below it, by path.
std::vector<fs::path> sql_files(const fs::path& directory) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory))
    if (entry.is_regular_file() && entry.path().extension() == ".sql")
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

bool is_revision(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line.starts_with("-- revision:") || line.starts_with("\xEF\xBB\xBF-- revision:");
}

bool holds_revisions(const fs::path& directory) {
  for (const fs::path& path : sql_files(directory))
    if (is_revision(path)) return true;
  return false;
}

Error no_schema(const std::string& source) {
  return Error(Exit::usage, "no_schema",
               "there is no schema at \"" + url::redacted_text(source) + "\"", "",
               "name a URL, a directory of revisions, a directory of SQL files, or an SQL file");
}

}  // namespace

bool is_url(const std::string& source) {
  return source.find("://") != source.npos ||
         (source.find('=') != source.npos && !fs::exists(source));
}

url::Target shadow_server(Session& session) {
  if (session.names_database() && shadow::possible(session.connection())) return session.target();
  const dev::Server server = dev::start(
      session.config().root, [&](const std::string& text) { session.output().note(text); });
  return url::parse(server.url);
}

Built build_revisions(Session&, const url::Target& server, const plan::Project& project) {
  Built built{std::make_unique<shadow::Shadow>(server), {}};
  built.shadow->replay(project);
  built.schema = snapshot::read(built.shadow->connection());
  return built;
}

Built build_files(const url::Target& server, const std::string& source) {
  if (!fs::exists(source)) throw no_schema(source);
  Built built{std::make_unique<shadow::Shadow>(server), {}};
  built.shadow->load(fs::is_directory(source) ? sql_files(source) : std::vector<fs::path>{source});
  built.schema = snapshot::read(built.shadow->connection());
  return built;
}

Built named_source(Session& session, const url::Target& server, const std::string& source) {
  if (is_url(source)) {
    pg::Connection connection(url::parse(source), "steward " + session.verb());
    return {nullptr, snapshot::read(connection)};
  }
  if (fs::is_directory(source) && holds_revisions(source))
    return build_revisions(session, server, plan::Project(revision::read_directory(source)));
  return build_files(server, source);
}

snapshot::Snapshot named_schema(Session& session, const url::Target& server,
                                const std::string& source) {
  return named_source(session, server, source).schema;
}

Built copy_of(const url::Target& server, const snapshot::Snapshot& schema) {
  Built built{std::make_unique<shadow::Shadow>(server), schema};
  const snapshot::Snapshot empty = snapshot::read(built.shadow->connection());
  try {
    built.shadow->run(diff::to_text(diff::make(empty, schema)), "the copy of the schema");
  } catch (const Error&) {
    built.shadow.reset();  // of a kind that is not modelled, or not this role's to make
    return built;
  }
  if (snapshot::read(built.shadow->connection()).fingerprint() != schema.fingerprint())
    built.shadow.reset();
  return built;
}

std::vector<fs::path> schema_files(const std::string& source) {
  if (is_url(source) || !fs::exists(source)) return {};
  if (!fs::is_directory(source)) return {source};
  return holds_revisions(source) ? std::vector<fs::path>{} : sql_files(source);
}

std::string desired_source(Session& session, const std::string& flag) {
  if (!flag.empty()) return flag;
  for (const char* name : {"schema", "schema.sql"})
    if (const fs::path path = session.config().root / name; fs::exists(path)) return path.string();
  throw Error(Exit::usage, "no_schema", "the project has no desired schema", "",
              "write schema.sql or schema/*.sql beside steward.toml, or give --schema");
}

}  // namespace steward::command
