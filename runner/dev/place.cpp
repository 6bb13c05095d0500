#include "runner/dev/place.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "runner/error.h"
#include "runner/text.h"

namespace steward::dev {
namespace {

namespace fs = std::filesystem;

// The system's limit is 107 bytes; some room is left for the lock file beside the socket.
constexpr std::size_t longest_socket = 100;

fs::path usual_home(const fs::path& project) {
  return project / ".steward" / "dev";
}

// A name for the project that is the same every time, short, and another one for every user.
std::string name_of(const fs::path& project) {
  Sha256 hash;
  hash.update(project.native());
  return std::to_string(geteuid()) + "-" + hash.hex().substr(0, 12);
}

fs::path other_home(const fs::path& project) {
  return fs::path("/var/tmp") / ("steward-dev-" + name_of(project)) / "dev";
}

fs::path short_directory(const fs::path& project) {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  std::error_code ignored;
  if (runtime != nullptr && *runtime == '/' && fs::is_directory(runtime, ignored))
    return fs::path(runtime) / ("steward-" + name_of(project));
  return fs::path("/tmp") / ("steward-" + name_of(project));
}

// Whether no socket can be there, or none that libpq finds: it takes a comma for the end of a host.
bool holds_no_socket(const fs::path& directory) {
  const std::string& path = directory.native();
  return path.size() + sizeof "/.s.PGSQL.5432" - 1 > longest_socket ||
         path.find(',') != std::string::npos;
}

process::User server_user() {
  for (const char* name : {"postgres", "nobody"})
    if (auto user = process::find_user(name)) return *user;
  throw Error(Exit::unexpected, "no_server_user",
              "PostgreSQL does not run as root, and there is no user postgres or nobody", "",
              "run steward as an ordinary user");
}

Place place_for_root(const fs::path& project) {
  Place place{.home = usual_home(project), .socket = {}, .user = server_user()};
  const fs::path folder = place.home.parent_path();
  if (!process::can_enter(*place.user, fs::exists(folder) ? folder : project)) {
    place.home = other_home(project);
    place.remark = "the user " + place.user->name + ", who runs the server, cannot enter " +
                   project.native() + ": its files are in " + place.home.native();
  } else if (holds_no_socket(place.home)) {
    place.home = other_home(project);
    place.remark =
        "no socket can have the project's path: the server's files are in " + place.home.native();
  }
  place.socket = place.home;
  return place;
}

Place place_for_user(const fs::path& project) {
  Place place{.home = usual_home(project), .socket = usual_home(project), .user = std::nullopt};
  if (holds_no_socket(place.home)) {
    place.socket = short_directory(project);
    place.remark = "no socket can have the project's path: it is in " + place.socket.native();
  }
  return place;
}

[[noreturn]] void refuse(const fs::path& directory, const std::string& why) {
  throw Error(Exit::refused, "dev_folder_taken",
              "cannot use " + directory.native() + " for the private server", why,
              "rm -r '" + directory.native() +
                  "' if nobody needs what is in it; or run steward as the user it belongs to");
}

std::string name_of_user(uid_t uid) {
  const passwd* entry = getpwuid(uid);
  return entry != nullptr ? entry->pw_name : std::to_string(uid);
}

// Whether the directory was made; its mode is what was asked for whatever the umask says.
bool make_directory(const fs::path& directory, mode_t mode) {
  if (mkdir(directory.c_str(), mode) == 0) return chmod(directory.c_str(), mode) == 0;
  if (errno != EEXIST) refuse(directory, std::strerror(errno));
  return false;
}

// Makes the directory, or takes the one that is there if nobody but its owner (or we) can have put
// anything into it: some of these stand in folders that are open to all.
void make_private(const fs::path& directory, uid_t owner, gid_t group, mode_t mode) {
  make_directory(directory, mode);
  struct stat found {};
  if (lstat(directory.c_str(), &found) != 0) refuse(directory, std::strerror(errno));
  if (!S_ISDIR(found.st_mode)) refuse(directory, "it is not a directory");
  if (found.st_uid != owner && found.st_uid != geteuid())
    refuse(directory, "it belongs to user " + name_of_user(found.st_uid));
  if ((found.st_mode & 022) != 0) refuse(directory, "others can write into it");
  if (found.st_uid != owner && lchown(directory.c_str(), owner, group) != 0)
    refuse(directory, std::strerror(errno));
}

// <project>/.steward is the project's, not the server's alone; git is asked to leave it out.
void make_project_folder(const fs::path& folder) {
  std::error_code ignored;
  fs::create_directories(folder.parent_path(), ignored);
  if (make_directory(folder, 0755)) std::ofstream(folder / ".gitignore") << "*\n";
}

}  // namespace

Place choose_place(const fs::path& project) {
  return process::is_root() ? place_for_root(project) : place_for_user(project);
}

std::vector<fs::path> possible_homes(const fs::path& project) {
  std::vector<fs::path> homes{usual_home(project)};
  if (process::is_root()) homes.push_back(other_home(project));
  return homes;
}

void make(const Place& place) {
  const uid_t owner = place.user ? place.user->uid : geteuid();
  const gid_t group = place.user ? place.user->gid : getegid();
  const fs::path parent = place.home.parent_path();
  if (parent.filename() == ".steward")
    make_project_folder(parent);
  else
    make_private(parent, geteuid(), getegid(), 0755);
  make_private(place.home, owner, group, 0700);
  if (place.socket != place.home) make_private(place.socket, owner, group, 0700);
}

}  // namespace steward::dev
