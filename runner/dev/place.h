// Where a project's private server lives: one folder of its own, which nobody but the server's user
// (and root) can enter, with its data, its log and its socket.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "runner/process.h"

namespace steward::dev {

struct Place {
  std::filesystem::path home;    // <project>/.steward/dev, or elsewhere where that cannot be
  std::filesystem::path socket;  // the directory of the socket: home, unless its path is too long
  std::optional<process::User> user;  // who runs the server; nullopt: we do
  std::string remark{};               // why something is not in the project; empty: all of it is

  std::filesystem::path data() const { return home / "data"; }
  std::filesystem::path log() const { return home / "log"; }
};

// Chooses the place; makes nothing. PostgreSQL refuses to run as root, so that for root it is the
// user postgres, or nobody, who runs it, in /var/tmp when that user cannot enter the project.
// Throws Error(Exit::unexpected, "no_server_user") when root has neither.
Place choose_place(const std::filesystem::path& project);

// Where this user's server for the project may be, the usual place first. Looks at no file.
std::vector<std::filesystem::path> possible_homes(const std::filesystem::path& project);

// Makes its folders, or takes those that are there. Throws Error(Exit::refused, "dev_folder_taken")
// when one belongs to somebody else or others can write into it.
void make(const Place& place);

}  // namespace steward::dev
