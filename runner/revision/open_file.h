// A file that is open for reading, closed when it goes out of scope.
#pragma once

#include <fcntl.h>

#include <cstddef>
#include <filesystem>

#include "runner/sql/window.h"

namespace steward::revision {

class OpenFile {
 public:
  // Throws Error(Exit::usage, "cannot_read_file") with the system's reason, as read() does.
  explicit OpenFile(const std::filesystem::path& path);
  // The same for a name within a directory that is open; path is for messages.
  OpenFile(int directory, const char* name, const std::filesystem::path& path);
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  std::size_t read(char* buffer, std::size_t size);
  void seek(std::uint64_t offset);

 private:
  [[noreturn]] void fail() const;

  std::filesystem::path path_;
  int descriptor_;
};

// A source over a file from this byte on; the file stays open as long as the source lives.
sql::Source source_of_file(const std::filesystem::path& path, std::uint64_t offset = 0);

}  // namespace steward::revision
