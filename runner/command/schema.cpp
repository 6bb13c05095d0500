#include "runner/command/schema.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>

#include "runner/dev.h"
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

namespace {

// Revisions name roles: those of the database are made on the project's own server too, without a
// login and without rights.
void provide_roles(pg::Connection& database, const url::Target& server) {
  const pg::Rows wanted = database.query(
      "SELECT pg_catalog.quote_ident(rolname), rolname FROM pg_catalog.pg_roles "
      "WHERE rolname !~ '^pg_'");
  pg::Connection maker(server, "steward shadow");
  for (std::size_t row = 0; row < wanted.size(); ++row) {
    const pg::Rows there = maker.query("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1",
                                       {std::string(wanted.text(row, 1))});
    if (there.empty()) maker.run("CREATE ROLE " + std::string(wanted.text(row, 0)) + " NOLOGIN");
  }
}

}  // namespace

url::Target shadow_server(Session& session) {
  if (session.names_database() && shadow::possible(session.connection())) return session.target();
  const dev::Server dev = dev::start(session.config().root,
                                     [&](const std::string& text) { session.output().note(text); });
  const url::Target server = url::parse(dev.url);
  if (session.names_database()) provide_roles(session.connection(), server);
  return server;
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

snapshot::Snapshot named_schema(Session& session, const url::Target& server,
                                const std::string& source, const Look& look) {
  if (is_url(source)) {
    pg::Connection connection(url::parse(source), "steward " + session.verb());
    if (look) look(url::parse(source), connection);
    return snapshot::read(connection);
  }
  const Built built =
      fs::is_directory(source) && holds_revisions(source)
          ? build_revisions(session, server, plan::Project(revision::read_directory(source)))
          : build_files(server, source);
  if (look) {
    url::Target database = server;
    database.set("dbname", built.shadow->connection().database());
    look(database, built.shadow->connection());
  }
  return built.schema;
}

std::pair<snapshot::Snapshot, snapshot::Snapshot> named_schemas(Session& session,
                                                                const url::Target& server,
                                                                const std::string& from,
                                                                const std::string& to) {
  const auto when = is_url(from) && is_url(to) ? std::launch::async : std::launch::deferred;
  std::future<snapshot::Snapshot> first =
      std::async(when, [&] { return named_schema(session, server, from); });
  snapshot::Snapshot second = named_schema(session, server, to);
  return {first.get(), std::move(second)};
}

std::string desired_source(Session& session, const std::string& flag) {
  if (!flag.empty()) return flag;
  for (const char* name : {"schema", "schema.sql"})
    if (const fs::path path = session.config().root / name; fs::exists(path)) return path.string();
  throw Error(Exit::usage, "no_schema", "the project has no desired schema", "",
              "write schema.sql or schema/*.sql beside steward.toml, or give --schema");
}

}  // namespace steward::command
