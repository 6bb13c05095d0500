// A running server as its files tell of it: postmaster.pid in its data directory. Starts nothing
// and connects to nothing.
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

// The process id that postmaster.pid tells of, alive or not; 0: there is none. A server that died
// may have left one that is somebody else's by now, which PostgreSQL would take for a server still
// running. The file must stay, since it also guards against sessions that outlived their server;
// PG_GRANDPARENT_PID in its environment tells a new server that this process is none.
pid_t recorded_pid(const std::filesystem::path& data);

// Stops it (fast: its sessions are ended) and waits until it is gone. False: it still runs after
// a minute.
bool stop(const Postmaster& server, const std::filesystem::path& data);

}  // namespace steward::dev
