#include "runner/revision/directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <system_error>

#include "runner/error.h"
#include "runner/revision/open_file.h"

namespace steward::revision {
namespace {

using Directory = std::unique_ptr<DIR, int (*)(DIR*)>;

Directory open_directory(const std::filesystem::path& path) {
  Directory directory(::opendir(path.c_str()), ::closedir);
  if (directory) return directory;
  throw Error(Exit::usage, "no_directory",
              "no directory \"" + path.string() + "\" to read revisions from",
              std::generic_category().message(errno), "steward init " + path.string());
}

// Names with a dot in front are editors' and our own unfinished files.
bool may_be_revision(const dirent& entry) {
  std::string_view name = entry.d_name;
  bool file = entry.d_type == DT_REG || entry.d_type == DT_LNK || entry.d_type == DT_UNKNOWN;
  return file && name.ends_with(".sql") && !name.starts_with('.');
}

std::vector<std::string> names_in(DIR* directory) {
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(directory))
    if (may_be_revision(*entry)) names.emplace_back(entry->d_name);
  std::sort(names.begin(), names.end());
  return names;
}

File read_one(int directory, const std::string& name, const std::filesystem::path& path) {
  OpenFile file(directory, name.c_str(), path);
  return read([&](char* buffer, std::size_t size) { return file.read(buffer, size); }, path,
              [&] { return source_of_file(path); });
}

// A rename that does not replace. Where the file system has none, a look beforehand must do.
int rename_new(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (::access(to.c_str(), F_OK) == 0) return EEXIST;
  return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

}  // namespace

Error cannot_write(const std::filesystem::path& path, int reason) {
  return Error(Exit::usage, "cannot_write_file", "cannot write file \"" + path.string() + '"',
               std::generic_category().message(reason));
}

void write_out(const std::filesystem::path& path, std::string_view text, unsigned mode) {
  int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (descriptor < 0) throw cannot_write(path, errno);
  int reason = 0;
  while (!text.empty() && reason == 0) {
    ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count >= 0)
      text.remove_prefix(static_cast<std::size_t>(count));
    else if (errno != EINTR)
      reason = errno;
  }
  if (reason == 0 && ::fsync(descriptor) != 0) reason = errno;
  if (::close(descriptor) != 0 && reason == 0) reason = errno;
  if (reason == 0) return;
  ::unlink(path.c_str());
  throw cannot_write(path, reason);
}

std::vector<File> read_directory(const std::filesystem::path& directory) {
  Directory open = open_directory(directory);
  std::vector<std::string> names = names_in(open.get());
  std::vector<File> files;
  files.reserve(names.size());
  for (const std::string& name : names)
    files.push_back(read_one(::dirfd(open.get()), name, directory / name));
  return files;
}

std::filesystem::path write_new(const std::filesystem::path& directory, const File& file,
                                std::string_view text) {
  std::filesystem::path path = directory / (file.id + '_' + slug(file.message) + ".sql");
  std::filesystem::path unfinished = directory / ('.' + new_id() + ".tmp");
  write_out(unfinished, text, 0666);
  int reason = rename_new(unfinished, path);
  if (reason == 0) return path;
  ::unlink(unfinished.c_str());
  if (reason == EEXIST)
    throw Error(Exit::usage, "file_exists", "file \"" + path.string() + "\" exists already", "",
                "choose another message or --rev-id");
  throw cannot_write(path, reason);
}

}  // namespace steward::revision
