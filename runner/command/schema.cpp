#include "runner/command/schema.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>

#include "runner/dev.h"
#include "runner/diff.h"
#include "runner/program.h"
#include "runner/revision/directory.h"
#include "runner/revision/open_file.h"
#include "runner/revision/rewrite.h"
#include "runner/spec/marks.h"
#include "runner/spec/pages.h"
#include "runner/spec/statements.h"
#include "runner/text.h"

namespace steward::command {
namespace {

namespace fs = std::filesystem;

constexpr const char* program_word = "program";

// Files of the directory and those below it that say something of a schema, by path.
std::vector<fs::path> schema_files(const fs::path& directory) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory))
    if (const fs::path extension = entry.path().extension();
        entry.is_regular_file() && (extension == ".sql" || extension == ".md"))
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
  for (const fs::path& path : schema_files(directory))
    if (is_revision(path)) return true;
  return false;
}

Error no_schema(const std::string& source) {
  return Error(
      Exit::usage, "no_schema", "there is no schema at \"" + url::redacted_text(source) + "\"", "",
      "name a URL, a directory of revisions, a directory of SQL files or of a spec, an SQL "
      "or Markdown file, or `program` (docs/configuration.md)");
}

using Statements = std::vector<desired::Statement>;

void append(Statements& to, Statements more) {
  std::move(more.begin(), more.end(), std::back_inserter(to));
}

Statements statements_in(const fs::path& file) {
  if (file.extension() == ".md") return spec::statements_of(spec::read_page(file));
  return desired::statements_of(revision::source_of_file(file), file.string());
}

Statements printed_by_program(Session& session) {
  const config::Desired& desired = session.config().desired;
  process::Command command{.argv = desired.program};
  command.directory = session.config().root;
  const std::string name = joined(desired.program, " ");
  const program::Answer answer =
      program::ask(command, "program " + desired.program[0], {.time = desired.timeout});
  if (session.output().verbose() && !answer.err.empty()) session.output().note(answer.err);
  return desired::statements_of(sql::source_of(answer.out), "output of " + name);
}

bool means_program(Session& session, const std::string& source) {
  return source == program_word && !session.config().desired.program.empty();
}

Statements statements_of(Session& session, const std::string& source) {
  if (means_program(session, source)) return printed_by_program(session);
  if (!fs::exists(source)) throw no_schema(source);
  if (!fs::is_directory(source)) return statements_in(source);
  Statements statements;
  for (const fs::path& file : schema_files(source)) append(statements, statements_in(file));
  return statements;
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

void sweep_shadows(Session& session, const url::Target& server) {
  pg::Connection connection(server, "steward shadow");
  for (const std::string& name : shadow::sweep(connection))
    session.output().note("dropped the shadow " + name + ", which a run that was killed left here");
}

url::Target shadow_server(Session& session) {
  if (session.names_database() && shadow::possible(session.connection())) {
    sweep_shadows(session, session.target());
    return session.target();
  }
  const dev::Server dev = dev::start(session.config().root,
                                     [&](const std::string& text) { session.output().note(text); });
  const url::Target server = url::parse(dev.url);
  sweep_shadows(session, server);
  if (session.names_database()) provide_roles(session.connection(), server);
  return server;
}

std::unique_ptr<shadow::Shadow> new_shadow(Session& session, const url::Target& server) {
  auto shadow = std::make_unique<shadow::Shadow>(server);
  const config::Config& config = session.config();
  if (config.shadow_setup.empty()) return shadow;
  const fs::path file = config::shown(config.root / config.shadow_setup, fs::current_path());
  if (!fs::is_regular_file(file))
    throw Error(Exit::usage, "cannot_read_file", "cannot read " + file.string(), "",
                "[shadow] setup names an SQL file, relative to steward.toml");
  const std::string text = revision::read_whole(file);
  shadow->provide_extension(text);
  shadow->run(text, file.string());
  shadow->connection().run("RESET SESSION AUTHORIZATION; RESET ALL");
  return shadow;
}

Built build_revisions(Session& session, const url::Target& server, const plan::Project& project) {
  Built built{new_shadow(session, server), {}};
  built.shadow->replay(project);
  built.schema = snapshot::read(built.shadow->connection());
  return built;
}

Built build_files(Session& session, const url::Target& server, const std::string& source) {
  Statements statements = statements_of(session, source);
  Built built{new_shadow(session, server), {}};
  built.shadow->load(std::move(statements));
  built.schema = snapshot::read(built.shadow->connection());
  return built;
}

Built named_source(Session& session, const url::Target& server, const std::string& source,
                   const Look& look) {
  if (is_url(source)) {
    pg::Connection connection(url::parse(source), "steward " + session.verb());
    if (look) look(url::parse(source), connection);
    return {nullptr, snapshot::read(connection)};
  }
  Built built =
      fs::is_directory(source) && holds_revisions(source)
          ? build_revisions(session, server, plan::Project(revision::read_directory(source)))
          : build_files(session, server, source);
  if (look) {
    url::Target database = server;
    database.set("dbname", built.shadow->connection().database());
    look(database, built.shadow->connection());
  }
  return built;
}

snapshot::Snapshot named_schema(Session& session, const url::Target& server,
                                const std::string& source) {
  return named_source(session, server, source).schema;
}

std::pair<Built, Built> named_sources(Session& session, const url::Target& server,
                                      const std::string& from, const std::string& to) {
  const auto when = is_url(from) && is_url(to) ? std::launch::async : std::launch::deferred;
  std::future<Built> first = std::async(when, [&] { return named_source(session, server, from); });
  Built second = named_source(session, server, to);
  return {first.get(), std::move(second)};
}

Built copy_of(const url::Target& server, const snapshot::Snapshot& schema) {
  Built built{std::make_unique<shadow::Shadow>(server), schema};
  const snapshot::Snapshot empty = snapshot::read(built.shadow->connection());
  try {
    const std::string text = diff::to_text(diff::make(empty, schema));
    built.shadow->provide_extension(text);
    built.shadow->run(text, "the copy of the schema");
  } catch (const Error&) {
    built.shadow.reset();  // of a kind that is not modelled, or not this role's to make
    return built;
  }
  if (snapshot::read(built.shadow->connection()).fingerprint() != schema.fingerprint())
    built.shadow.reset();
  return built;
}

std::vector<rename::Mark> marks_of(const std::string& source) {
  if (is_url(source) || !fs::exists(source)) return {};
  std::vector<fs::path> files{source};
  if (fs::is_directory(source))
    files = holds_revisions(source) ? std::vector<fs::path>() : schema_files(source);
  std::vector<rename::Mark> marks;
  for (const fs::path& file : files) {
    std::vector<rename::Mark> more =
        file.extension() == ".md" ? spec::marks_of(spec::read_page(file))
                                  : rename::marks_in(revision::read_whole(file), file.string());
    std::move(more.begin(), more.end(), std::back_inserter(marks));
  }
  return marks;
}

bool is_spec(const std::string& source) {
  if (is_url(source)) return false;
  if (fs::path(source).extension() == ".md") return fs::exists(source);
  const std::vector<fs::path> pages = spec::pages_in(source);
  return std::any_of(pages.begin(), pages.end(),
                     [](const fs::path& page) { return !spec::read_page(page).empty(); });
}

std::string desired_source(Session& session, const std::string& flag) {
  if (!flag.empty()) return flag;
  const config::Config& config = session.config();
  if (!config.desired.program.empty()) return program_word;
  if (is_url(config.desired.source)) return config.desired.source;
  if (!config.desired.source.empty())
    return config::shown(config.root / config.desired.source, fs::current_path()).string();
  std::vector<std::string> found;
  for (const char* name : {"schema", "schema.sql", spec::usual_directory})
    if (const fs::path path = config.root / name; fs::exists(path))
      found.push_back(config::shown(path, fs::current_path()).string());
  if (found.size() > 1)
    throw Error(
        Exit::usage, "several_schemas", "the project has several desired schemas: " + joined(found),
        "",
        "say which in steward.toml: [desired] source = \"" + found.back() + "\", or give --schema");
  if (!found.empty()) return found[0];
  throw Error(Exit::usage, "no_schema", "the project has no desired schema", "",
              "write schema.sql, schema/*.sql or specs/database/*.md beside steward.toml, name a "
              "program that prints it ([desired] program), or give --schema");
}

}  // namespace steward::command
