#include "runner/command/diff.h"

#include "runner/command/schema.h"
#include "runner/diff.h"

namespace steward::command {
namespace {

// Shadows are made beside the database that is compared, so that both are of one release.
url::Target server_for(Session& session, const DiffOptions& options) {
  for (const std::string& source : {options.from, options.to}) {
    if (!is_url(source)) continue;
    const url::Target target = url::parse(source);
    if (is_url(options.from) && is_url(options.to)) return target;  // no shadow will be needed
    pg::Connection connection(target, "steward diff");
    if (shadow::possible(connection)) return target;
  }
  return shadow_server(session);
}

void print(Session& session, const diff::Script& script, const std::vector<std::string>& summary,
           bool names_only) {
  for (const std::string& warning : script.warnings) session.output().warning(warning);
  if (names_only)
    for (const std::string& line : summary) session.output().line(line);
  else
    session.output().text(diff::to_text(script));
  Json statements = Json::array();
  for (const diff::Statement& statement : script.statements)
    statements.push_back(statement.loss.empty()
                             ? Json{{"sql", statement.sql}}
                             : Json{{"sql", statement.sql}, {"loss", statement.loss}});
  session.output().object({{"verb", "diff"},
                           {"differences", summary},
                           {"statements", statements},
                           {"warnings", script.warnings}});
}

}  // namespace

Exit diff(Session& session, const DiffOptions& options) {
  const url::Target server = server_for(session, options);
  auto [from, to] = named_schemas(session, server, options.from, options.to);
  if (options.downgrade) std::swap(from, to);
  print(session, diff::make(from, to), diff::summary(from, to), options.summary);
  return Exit::done;
}

}  // namespace steward::command
