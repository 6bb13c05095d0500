#include "runner/revision/open_file.h"

#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "runner/error.h"

namespace steward::revision {

OpenFile::OpenFile(const std::filesystem::path& path) : OpenFile(AT_FDCWD, path.c_str(), path) {}

OpenFile::OpenFile(int directory, const char* name, const std::filesystem::path& path)
    : path_(path), descriptor_(::openat(directory, name, O_RDONLY | O_CLOEXEC)) {
  if (descriptor_ < 0) fail();
}

OpenFile::~OpenFile() {
  ::close(descriptor_);
}

std::size_t OpenFile::read(char* buffer, std::size_t size) {
  for (;;) {
    ssize_t count = ::read(descriptor_, buffer, size);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) fail();
  }
}

void OpenFile::seek(std::uint64_t offset) {
  if (::lseek(descriptor_, static_cast<off_t>(offset), SEEK_SET) < 0) fail();
}

void OpenFile::fail() const {
  throw Error(Exit::usage, "cannot_read_file", "cannot read file \"" + path_.string() + '"',
              std::generic_category().message(errno));
}

sql::Source source_of_file(const std::filesystem::path& path, std::uint64_t offset) {
  auto file = std::make_shared<OpenFile>(path);
  if (offset > 0) file->seek(offset);
  return [file](char* buffer, std::size_t size) { return file->read(buffer, size); };
}

}  // namespace steward::revision
