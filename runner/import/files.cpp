#include "runner/import/files.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "runner/text.h"

namespace steward::importer {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

Error unreadable(const fs::path& path, const std::string& why) {
  return Error(Exit::usage, "cannot_read_file", "cannot read " + path.string(), why);
}

// Iterator is fs::directory_iterator or its recursive twin.
template <typename Iterator, typename Wanted>
std::vector<fs::path> listed(const fs::path& directory, Wanted wanted) {
  if (!fs::is_directory(directory))
    throw Error(Exit::usage, "no_directory", "there is no directory " + directory.string(), "",
                "name the directory that holds the other tool's files");
  std::vector<fs::path> paths;
  std::error_code error;
  for (Iterator at(directory, error), end; !error && at != end; at.increment(error))
    if (!hidden(at->path()) && wanted(*at)) paths.push_back(at->path());
  if (error) throw unreadable(directory, error.message());
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool is_file(const fs::directory_entry& entry) {
  return entry.is_regular_file();
}

void require_text(const fs::path& file, std::string_view bytes) {
  Utf8Check check;
  if (check.feed(bytes) && check.finish()) return;
  const std::string_view good = bytes.substr(0, static_cast<std::size_t>(check.bad()));
  const bool nul = good.size() < bytes.size() && bytes[good.size()] == '\0';
  throw bad_line(
      nul ? "nul_byte" : "invalid_utf8", file, 1 + count_line_ends(good),
      nul ? "a NUL byte, which no text of PostgreSQL can hold" : "text that is not UTF-8",
      "iconv -t UTF-8 converts it, when told with -f what it is");
}

// The line as it stands in the file, to be shown; empty where there is none.
std::string excerpt_of(const fs::path& file, std::uint64_t line) {
  std::ifstream stream(file, std::ios::binary);
  std::string text;
  for (std::uint64_t at = 0; at < line; ++at)
    if (!std::getline(stream, text)) return {};
  return std::string(trim(printable(text)));
}

}  // namespace

std::vector<fs::path> files_of(const fs::path& directory) {
  return listed<fs::directory_iterator>(directory, is_file);
}

std::vector<fs::path> files_below(const fs::path& directory) {
  return listed<fs::recursive_directory_iterator>(directory, is_file);
}

std::vector<fs::path> directories_of(const fs::path& directory) {
  return listed<fs::directory_iterator>(
      directory, [](const fs::directory_entry& entry) { return entry.is_directory(); });
}

std::string read_bytes(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(stream), {});
  if (!stream) throw unreadable(file, "");
  return bytes;
}

Script script_of(const fs::path& file, std::string_view bytes) {
  require_text(file, bytes);
  if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
  Script script;
  script.file = file;
  script.text.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (bytes.substr(i, 2) != "\r\n") script.text += bytes[i];
  return script;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Error bad_line(std::string code, const fs::path& file, std::uint64_t line,
               const std::string& message, std::string hint) {
  Error error(Exit::usage, std::move(code), message, "", std::move(hint));
  error.at(Place{file.string(), line, 0, 0, excerpt_of(file, line)});
  return error;
}

}  // namespace steward::importer
