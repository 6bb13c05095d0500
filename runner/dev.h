// The project's private PostgreSQL: for development and for the first minutes, no other server
// being needed. It listens on a Unix socket only, in a folder that nobody else can enter, and never
// runs as root; dev/place.h says where. Its superuser is postgres, its database steward.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace steward::dev {

struct Server {
  std::string url;  // of its database, without a password: there is none
  std::filesystem::path socket_dir;
  std::filesystem::path data_dir;
  bool was_running = false;
};

// Takes a line for a person: what is being done, and what differs from what is usual.
using OnProgress = std::function<void(const std::string&)>;

// Starts the server of the project in that directory, making it first where there is none; returns
// when it takes connections, at once when it runs already. What a crash left behind is no
// hindrance. Throws Error: no_server_programs, no_server_user, dev_folder_taken, dev_initdb_failed,
// dev_start_failed (the last two with the end of the log).
Server start(const std::filesystem::path& project, const OnProgress& on_progress);

// Stops it, ending its sessions. False: it did not run. Throws Error(Exit::unexpected,
// "dev_stop_failed") when it does not end within a minute.
bool stop(const std::filesystem::path& project);

// Its URL while it runs. Starts no program: cheap enough to be asked by every command.
std::optional<std::string> url(const std::filesystem::path& project);

// psql's own arguments after the program and the URL. Throws Error(Exit::unreachable,
// "dev_not_running").
std::vector<std::string> psql_argv(const std::filesystem::path& project,
                                   const std::vector<std::string>& arguments = {});

}  // namespace steward::dev
