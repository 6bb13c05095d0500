#include "runner/command/dev.h"

#include <filesystem>

#include "runner/dev.h"
#include "runner/process.h"

namespace steward::command {
namespace {

Exit start(Session& session) {
  report::Output& output = session.output();
  const dev::Server server =
      dev::start(session.config().root, [&output](const std::string& line) { output.note(line); });
  output.line(server.url);
  output.object({{"verb", "dev"},
                 {"action", "start"},
                 {"url", server.url},
                 {"data_directory", server.data_dir.string()},
                 {"was_running", server.was_running}});
  return Exit::done;
}

Exit stop(Session& session) {
  const bool stopped = dev::stop(session.config().root);
  session.output().say(stopped ? "stopped" : "it was not running");
  session.output().object({{"verb", "dev"}, {"action", "stop"}, {"was_running", stopped}});
  return Exit::done;
}

Exit url(Session& session) {
  const std::optional<std::string> url = dev::url(session.config().root);
  if (!url)
    throw Error(Exit::unreachable, "dev_not_running", "the project's dev server is not running", "",
                "steward dev start");
  session.output().line(*url);
  session.output().object({{"verb", "dev"}, {"action", "url"}, {"url", *url}});
  return Exit::done;
}

[[noreturn]] void psql(Session& session, const std::vector<std::string>& arguments) {
  process::Command command;
  command.argv = dev::psql_argv(session.config().root, arguments);
  session.output().flush();
  process::become(command);
}

}  // namespace

Exit dev(Session& session, const DevOptions& options) {
  if (options.action == "start") return start(session);
  if (options.action == "stop") return stop(session);
  if (options.action == "url") return url(session);
  if (options.action == "psql") psql(session, options.arguments);
  throw Error(Exit::usage, "usage", "dev: there is no action \"" + options.action + "\"", "",
              "steward dev start, stop, url or psql");
}

}  // namespace steward::command
