#include "runner/revision/rewrite.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>

#include "runner/error.h"
#include "runner/revision/directory.h"
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

std::string read_whole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(Exit::usage, "cannot_read_file", "cannot read \"" + path.string() + "\"");
  return {std::istreambuf_iterator<char>(file), {}};
}

void replace(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path unfinished = path.parent_path() / ('.' + new_id() + ".tmp");
  struct stat status {};
  const mode_t mode = ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0644;
  write_out(unfinished, text, mode);
  if (::rename(unfinished.c_str(), path.c_str()) == 0) return;
  const int reason = errno;
  ::unlink(unfinished.c_str());
  throw cannot_write(path, reason);
}

}  // namespace steward::revision
