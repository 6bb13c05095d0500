#include "runner/revision/rewrite.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "runner/error.h"
#include "runner/revision/marker.h"
#include "runner/text.h"

namespace steward::revision {
namespace {

// Whether the line is the header's entry of this key.
bool is_entry(std::string_view line, std::string_view key) {
  std::string_view text = trim(line);
  if (!text.starts_with("--")) return false;
  text = trim(text.substr(2));
  return text.starts_with(key) && text.substr(key.size()).starts_with(':');
}

struct Line {
  std::size_t begin;
  std::size_t end;  // before its line end
};

// The header's line of this key, above the first marker.
std::optional<Line> find_entry(std::string_view text, std::string_view key) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    if (is_marker(line)) return std::nullopt;
    if (is_entry(line, key)) return Line{begin, line.ends_with('\r') ? end - 1 : end};
    begin = end + 1;
  }
  return std::nullopt;
}

Error cannot_write(const std::filesystem::path& path) {
  return Error(Exit::usage, "cannot_write_file", "cannot write file \"" + path.string() + '"',
               std::generic_category().message(errno));
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

std::string with_parents(std::string_view text, const std::vector<std::string>& parents) {
  std::string entry = "-- revises:";
  for (const std::string& parent : parents)
    entry += (&parent == parents.data() ? " " : ", ") + parent;
  std::string result(text);
  if (const auto line = find_entry(text, "revises"))
    return result.replace(line->begin, line->end - line->begin, entry);
  const auto id = find_entry(text, "revision");
  return result.insert(id ? id->end : 0, (id ? "\n" : "") + entry + (id ? "" : "\n"));
}

void replace(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path unfinished =
      path.parent_path() / ("." + path.filename().string() + ".tmp");
  struct stat status {};
  const mode_t mode = ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0644;
  const int descriptor = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (descriptor < 0) throw cannot_write(path);
  const bool written = write_all(descriptor, text) && ::fsync(descriptor) == 0;
  const bool done =
      ::close(descriptor) == 0 && written && ::rename(unfinished.c_str(), path.c_str()) == 0;
  if (done) return;
  const Error error = cannot_write(path);
  ::unlink(unfinished.c_str());
  throw error;
}

}  // namespace steward::revision
