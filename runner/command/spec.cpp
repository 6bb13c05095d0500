#include "runner/command/spec.h"

#include <filesystem>
#include <utility>

#include "runner/command/schema.h"
#include "runner/diff.h"
#include "runner/spec/describe.h"
#include "runner/spec/pages.h"
#include "runner/spec/reader.h"
#include "runner/spec/statements.h"
#include "runner/spec/writer.h"

namespace steward::command {
namespace {

namespace fs = std::filesystem;

constexpr const char* not_proved = "spec_not_proved";

struct Written {
  std::vector<spec::Page> pages;
  std::vector<std::string> warnings;
  std::vector<std::string> missing;  // what they do not say, as diff::summary() has it
};

// What was written, read again and built.
snapshot::Snapshot built(shadow::Shadow& shadow, const std::vector<spec::Page>& pages) {
  std::vector<desired::Statement> statements;
  for (const spec::Page& page : pages)
    for (desired::Statement& one : spec::statements_of(spec::read(page.text, page.name)))
      statements.push_back(std::move(one));
  try {
    shadow.load(std::move(statements));
  } catch (Error& error) {
    Error refused(Exit::refused, not_proved,
                  "the spec would not build: " + std::string(error.what()), error.detail(),
                  "please report it; nothing was written");
    if (error.place()) refused.at(*error.place());
    throw refused;
  }
  return snapshot::read(shadow.connection());
}

Written attempt(Session& session, const snapshot::Snapshot& schema, const url::Target& server,
                spec::Names names, spec::Families families) {
  const std::unique_ptr<shadow::Shadow> made = new_shadow(session, server);
  shadow::Shadow& shadow = *made;
  spec::Description description =
      spec::describe(schema, snapshot::read(shadow.connection()), names, families);
  Written written;
  written.warnings = std::move(description.warnings);
  for (const spec::Document& page : description.pages)
    written.pages.push_back({page.file, spec::write(page)});
  written.missing = diff::summary(built(shadow, written.pages), schema);
  return written;
}

// A person would leave public out of names, and see partitions and heirs in tables. Where a name
// then means something else, in pg_catalog, all are written out; what a table would make otherwise
// than it is goes into SQL.
Written write(Session& session, const snapshot::Snapshot& schema, const url::Target& server) {
  using spec::Families, spec::Names;
  for (const auto& [names, families] : {std::pair{Names::brief, Families::tables},
                                        {Names::whole, Families::tables},
                                        {Names::brief, Families::sql}}) {
    try {
      Written written = attempt(session, schema, server, names, families);
      if (written.missing.empty()) return written;
    } catch (const Error& error) {
      if (error.code() != not_proved) throw;
    }
  }
  return attempt(session, schema, server, Names::whole, Families::sql);
}

snapshot::Snapshot source_of(Session& session, const url::Target& server, const std::string& from) {
  if (!from.empty()) return named_schema(session, server, from);
  return snapshot::read(session.connection());
}

std::string usual_spec(Session& session) {
  const std::string& source = session.config().desired.source;
  const fs::path directory = source.empty() || is_url(source) ? spec::usual_directory : source;
  return config::shown(session.config().root / directory, fs::current_path()).string();
}

std::string chosen_spec(Session& session, const std::string& named) {
  const std::string source = named.empty() ? usual_spec(session) : named;
  if (is_spec(source)) return source;
  throw Error(Exit::usage, "no_spec", "there is no spec at \"" + source + "\"", "",
              "steward spec export writes one from a database; docs/spec.md says how one looks");
}

snapshot::Snapshot compared(Session& session, const url::Target& server, bool revisions) {
  if (revisions) return build_revisions(session, server, session.project()).schema;
  return snapshot::read(session.connection());
}

}  // namespace

Exit spec_export(Session& session, const SpecExportOptions& options) {
  const fs::path directory = options.directory.empty() ? usual_spec(session) : options.directory;
  const url::Target server = shadow_server(session);
  const Written written = write(session, source_of(session, server, options.from), server);
  spec::write_pages(directory, written.pages, options.force);
  Json files = Json::array();
  for (const spec::Page& page : written.pages) {
    files.push_back((directory / page.name).string());
    session.output().line((directory / page.name).string());
  }
  for (const std::string& warning : written.warnings) session.output().warning(warning);
  for (const std::string& missing : written.missing)
    session.output().warning("the spec does not make it: " + missing);
  session.output().object({{"verb", "spec export"},
                           {"files", files},
                           {"warnings", written.warnings},
                           {"differences", written.missing}});
  return written.missing.empty() && written.warnings.empty() ? Exit::done : Exit::differences;
}

Exit spec_check(Session& session, const SpecCheckOptions& options) {
  const std::string source = chosen_spec(session, options.spec);
  const url::Target server = shadow_server(session);
  const snapshot::Snapshot wanted = build_files(session, server, source).schema;
  const std::vector<std::string> differences =
      diff::summary(compared(session, server, options.revisions), wanted);
  for (const std::string& line : differences) session.output().line(line);
  session.output().object({{"verb", "spec check"},
                           {"spec", source},
                           {"differences", differences},
                           {"fingerprint", wanted.fingerprint()}});
  const std::string subject = options.revisions ? "the revisions make" : "the database has";
  if (differences.empty()) {
    session.output().say(subject + " the schema that the spec describes");
    return Exit::done;
  }
  session.output().note("+ is in the spec only, - is not in the spec, ~ differs");
  return Exit::differences;
}

}  // namespace steward::command
