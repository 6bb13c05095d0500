// The server's programs on this machine, and where the extension's files are for them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace steward::dev {

struct Programs {
  std::filesystem::path bin;      // the directory of postgres and initdb
  std::filesystem::path share;    // its extensions' scripts are in share/extension
  std::filesystem::path library;  // its loadable modules
  std::string version;            // as "15.20 (Debian 15.20-1)"
  int major = 0;

  std::filesystem::path program(const std::string& name) const { return bin / name; }
};

// Finds them: those of pg_config ($PG_CONFIG, or the one on PATH), then those in
// /usr/lib/postgresql, newest first. The first that the extension is there for; if it is there for
// none, the first. When a major version is asked for, of that version only. Throws
// Error(Exit::unreachable, "no_server_programs").
Programs find_programs(std::optional<int> major);

// The folder to which the extension was installed beside our own program (or STEWARD_STAGE), as
// `make install DESTDIR=...` lays it out. Empty: there is none, or the server has the extension
// itself.
std::filesystem::path find_stage(const Programs& programs);

// The settings, as name=value, with which the server finds the extension in the stage. Empty when
// this server knows none: before 18 only Debian's and Ubuntu's do.
std::vector<std::string> stage_settings(const Programs& programs,
                                        const std::filesystem::path& stage);

}  // namespace steward::dev
