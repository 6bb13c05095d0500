#include <algorithm>
#include <utility>

#include "runner/import/files.h"
#include "runner/import/formats.h"
#include "runner/import/markers.h"
#include "runner/import/version.h"
#include "runner/text.h"

namespace steward::importer {
namespace {

namespace fs = std::filesystem;

// A `-- migrate:up` or `-- migrate:down` line.
struct Marker {
  std::size_t line;  // its index
  bool up;
  bool transaction;
};

std::optional<Marker> marker_in(const Comment& comment) {
  std::string_view rest = comment.text;
  const bool up = rest.starts_with("migrate:up");
  if (!comment.alone || (!up && !rest.starts_with("migrate:down"))) return std::nullopt;
  rest.remove_prefix(up ? 10 : 12);
  if (!rest.empty() && !is_space(rest.front())) return std::nullopt;
  return Marker{comment.line, up, rest.find("transaction:false") == rest.npos};
}

std::vector<Marker> markers_of(const Script& script) {
  std::vector<Marker> markers;
  for (const Comment& comment : comments_of(script))
    if (const std::optional<Marker> marker = marker_in(comment)) markers.push_back(*marker);
  return markers;
}

// One way up, then at most one way down, and no statement before them.
void check(const Script& script, const std::vector<Marker>& markers) {
  if (markers.empty() || !markers.front().up)
    throw bad_line("bad_marker", script.file, markers.empty() ? 1 : 1 + markers.front().line,
                   "the file must begin with a line `-- migrate:up`");
  const bool one_each = markers.size() == 1 || (markers.size() == 2 && !markers[1].up);
  if (!one_each)
    throw bad_line("bad_marker", script.file, 1 + markers[markers[1].up ? 1 : 2].line,
                   "a second `-- migrate:up` or `-- migrate:down`",
                   "give each part a file of its own");
  const std::vector<std::string_view> lines = lines_of(script.text);
  for (std::size_t i = 0; i < markers.front().line; ++i)
    if (const std::string_view line = trim(lines[i]); !line.empty() && !line.starts_with("--"))
      throw bad_line("bad_marker", script.file, 1 + i, "a statement before `-- migrate:up`");
}

Script section(const Script& script, const Marker& marker, std::size_t end) {
  Script part = part_of(script, marker.line + 1, end);
  part.transaction = marker.transaction;
  return part;
}

Revision read_file(const fs::path& file, std::string_view version, std::string_view rest) {
  const Script script = read_script(file);
  const std::vector<Marker> markers = markers_of(script);
  check(script, markers);
  const std::size_t end = lines_of(script.text).size();
  Revision revision;
  revision.version = revision.written = version;
  revision.name = words_of(rest);
  revision.upgrade =
      section(script, markers.front(), markers.size() == 2 ? markers.back().line : end);
  if (markers.size() == 2) revision.downgrade = section(script, markers.back(), end);
  return revision;
}

}  // namespace

// ^(\d+).*\.sql$, in the order of the names.
History read_dbmate(const fs::path& directory) {
  History history;
  history.tool = Tool::dbmate;
  for (const fs::path& file : files_of(directory)) {
    const std::string name = file.filename().string();
    if (!name.ends_with(".sql")) continue;
    const std::string_view stem = std::string_view(name).substr(0, name.size() - 4);
    const std::string_view version = leading_digits(stem);
    if (version.empty())
      history.notices.push_back({Place{file.string()}, "left out: no number before its name"});
    else
      history.revisions.push_back(read_file(file, version, stem.substr(version.size())));
  }
  return history;
}

}  // namespace steward::importer
