// A running server as its files tell of it: postmaster.pid in its data directory. Starts nothing and
// connects to nothing.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>

namespace steward::dev {

struct Postmaster {
  pid_t pid = 0;
  int port = 0;
  std::filesystem::path socket;  // the directory of its socket; empty while it is starting
  bool ready = false;            // it takes connections
};

// The server that runs on this data directory. nullopt: none does, also when a postmaster.pid tells
// of one that died, or when we may not look. Costs a few system calls.
std::optional<Postmaster> find_postmaster(const std::filesystem::path& data);

// Removes what a server that died left behind and would take for another one, still running, where
// its process id has gone to somebody else meanwhile. Only for a directory on which none runs.
void remove_stale_files(const std::filesystem::path& data, const std::filesystem::path& socket);

// Stops it (fast: its sessions are ended) and waits until it is gone. False: it still runs after
// a minute.
bool stop(const Postmaster& server, const std::filesystem::path& data);

}  // namespace steward::dev
