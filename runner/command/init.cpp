#include "runner/command/init.h"

#include <fstream>

namespace steward::command {
namespace {

namespace fs = std::filesystem;

std::string configuration(const std::string& directory) {
  return "# docs/configuration.md says all there is.\n"
         "[migrations]\n"
         "directory = \"" +
         directory +
         "\"\n\n"
         "# Without a url here, --url, DATABASE_URL, libpq's own variables (PGHOST, ...) and then "
         "the\n"
         "# project's own server (steward dev start) are looked at.\n"
         "# [database]\n"
         "# url = \"${DATABASE_URL}\"\n"
         "# lock_timeout = \"5s\"\n\n"
         "# The schema to arrive at (revision --autogenerate, check) is schema.sql, schema/*.sql, "
         "the spec\n"
         "# specs/database/*.md, or what a program prints:\n"
         "# [desired]\n"
         "# program = [\"python3\", \"models_ddl.py\"]\n";
}

Error cannot_write(const fs::path& path, const std::string& reason) {
  return Error(Exit::usage, "cannot_write", "cannot write " + path.string(), reason);
}

void write_file(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw cannot_write(path, "check the directory's permissions and the disk's space");
}

}  // namespace

Exit init(Session& session, const InitOptions& options) {
  const fs::path file = "steward.toml";
  if (fs::exists(file))
    throw Error(Exit::usage, "already_initialized", "there is a steward.toml here already", "",
                "steward revision -m \"what changes\"");
  if (options.directory.find_first_of("\"\\\n") != std::string::npos)
    throw Error(Exit::usage, "usage", "a directory's name may not hold quotes or backslashes");
  std::error_code failure;
  fs::create_directories(options.directory, failure);
  if (failure) throw cannot_write(options.directory, failure.message());
  write_file(file, configuration(options.directory));
  session.output().say("made steward.toml and " + options.directory + "/");
  session.output().say("next: steward revision -m \"what changes\"");
  session.output().object(
      {{"verb", "init"}, {"config", file.string()}, {"directory", options.directory}});
  return Exit::done;
}

}  // namespace steward::command
