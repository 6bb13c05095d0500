#include "runner/revision/outline.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <system_error>

#include "runner/revision/header.h"
#include "runner/revision/marker.h"
#include "runner/sql/fault.h"

namespace steward::revision {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(const fs::path& directory) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (fs::directory_iterator at(directory, ignored), end; at != end; at.increment(ignored)) {
    const std::string name = at->path().filename().string();
    if (name.ends_with(".sql") && !name.starts_with('.')) files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::optional<Outline> outline_of(const fs::path& path) {
  File file;
  Header header(file);
  std::ifstream stream(path, std::ios::binary);
  std::string line;
  try {
    for (std::uint64_t number = 1; std::getline(stream, line) && !is_marker(line); ++number)
      header.take(number == 1 && line.starts_with("\xEF\xBB\xBF") ? line.substr(3) : line, 0,
                  number);
  } catch (const sql::Fault&) {
    return std::nullopt;
  }
  if (file.id.empty()) return std::nullopt;
  return Outline{file.id, file.message, file.labels};
}

}  // namespace

std::vector<Outline> outlines(const fs::path& directory) {
  std::vector<Outline> list;
  for (const fs::path& path : files_in(directory))
    if (std::optional<Outline> outline = outline_of(path)) list.push_back(std::move(*outline));
  return list;
}

}  // namespace steward::revision
