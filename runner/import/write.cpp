#include "runner/import/write.h"

#include <map>
#include <optional>
#include <utility>

#include "runner/import/files.h"
#include "runner/import/markers.h"
#include "runner/revision/directory.h"
#include "runner/revision/file.h"
#include "runner/text.h"

namespace steward::importer {
namespace {

namespace fs = std::filesystem;

void refuse_markers(const Script& script) {
  for (const Comment& comment : comments_of(script))
    if (comment.text.starts_with("steward:"))
      throw bad_line("bad_marker", script.file, script.line + comment.line,
                     "this comment would be read as a section's marker", "write it another way");
}

// Without the blank lines around it; a last statement without its end gets one line end.
std::string trimmed(const Script& script) {
  refuse_markers(script);
  std::string_view text = script.text;
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  const std::string_view start = trim(text);
  const std::size_t skipped = text.substr(0, text.size() - start.size()).rfind('\n');
  if (skipped != text.npos) text.remove_prefix(skipped + 1);
  return text.empty() ? std::string() : std::string(text) + '\n';
}

revision::File header_of(const Revision& revision, const std::string& parent) {
  revision::File file;
  file.id = revision.id;
  if (revision.parents)
    file.parents = *revision.parents;
  else if (!parent.empty())
    file.parents.push_back(parent);
  file.depends_on = revision.depends_on;
  file.labels = revision.labels;
  file.created = revision.created;
  file.message = printable(revision.name.empty() ? revision.version : revision.name);
  file.upgrade.options.transaction = revision.upgrade.transaction;
  if (revision.downgrade) {
    file.downgrade.emplace();
    file.downgrade->options.transaction = revision.downgrade->transaction;
  }
  return file;
}

std::string name_of_file(const Revision& revision, const std::string& parent) {
  return revision.id + '_' + revision::slug(header_of(revision, parent).message) + ".sql";
}

// compose() gives each new revision a way down to be filled in; where the tool has none, it stays
// without, so that a downgrade says so.
std::string without_downgrade(std::string text) {
  static constexpr std::string_view section = "-- steward:downgrade\n";
  if (text.ends_with(section)) text.resize(text.size() - section.size());
  return text;
}

// A file that is to be written, or is there already.
struct Planned {
  const Revision* revision;
  std::string parent;
  std::string name;
  std::string text;
};

std::vector<Planned> plan(const History& history) {
  std::vector<Planned> planned;
  std::string parent;
  for (const Revision& revision : history.revisions) {
    planned.push_back(
        {&revision, parent, name_of_file(revision, parent), file_text(revision, parent)});
    parent = revision.id;
  }
  return planned;
}

// The revisions that the directory has. Files that are none of ours are not looked into: they are
// refused when the directory is read.
std::map<std::string, fs::path> present_in(const fs::path& directory) {
  std::map<std::string, fs::path> present;
  if (!fs::exists(directory)) return present;
  for (const revision::File& file : revision::read_directory(directory))
    present.emplace(file.id, file.path);
  return present;
}

bool is_same(const Planned& planned, const fs::path& path) {
  return path.filename() == planned.name && read_bytes(path) == planned.text;
}

}  // namespace

std::string file_text(const Revision& revision, const std::string& parent) {
  const std::string upgrade = trimmed(revision.upgrade);
  const std::string downgrade = revision.downgrade ? trimmed(*revision.downgrade) : std::string();
  std::string text = revision::compose(header_of(revision, parent), upgrade, downgrade);
  if (!revision.downgrade) text = without_downgrade(std::move(text));
  if (!revision.verify) return text;
  return text + "-- steward:verify\n" + trimmed(*revision.verify);
}

Written write(const History& history, const fs::path& directory) {
  const std::vector<Planned> planned = plan(history);
  const std::map<std::string, fs::path> present = present_in(directory);
  for (const Planned& one : planned) {
    const auto found = present.find(one.revision->id);
    if (found != present.end() && !is_same(one, found->second))
      throw Error(Exit::usage, "would_overwrite",
                  "revision " + one.revision->id + " is there already, and is not the same",
                  found->second.string(), "import into an empty directory");
  }
  fs::create_directories(directory);
  Written written;
  for (const Planned& one : planned) {
    if (present.contains(one.revision->id))
      ++written.unchanged;
    else
      written.files.push_back(
          revision::write_new(directory, header_of(*one.revision, one.parent), one.text));
  }
  return written;
}

}  // namespace steward::importer
