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

// What a file's annotations say of it: the lines of Up and Down, and whether in a transaction.
struct Layout {
  std::optional<std::size_t> up;
  std::optional<std::size_t> down;
  bool transaction = true;
  std::vector<std::size_t> others;  // annotations within Up and Down: StatementBegin and the like
};

// The annotation, in lower case; nullopt: the comment is none.
std::optional<std::string> annotation_in(const Comment& comment) {
  if (!comment.alone || !comment.text.starts_with("+goose")) return std::nullopt;
  return lower(trim(comment.text.substr(6)));
}

Error bad(const Script& script, const Comment& comment, const std::string& message,
          std::string hint = {}) {
  return bad_line("bad_marker", script.file, script.line + comment.line, message, std::move(hint));
}

void set_once(std::optional<std::size_t>& place, const Script& script, const Comment& comment) {
  if (place) throw bad(script, comment, "a second `-- " + comment.text + "`");
  place = comment.line;
}

void take(Layout& layout, const std::string& word, const Script& script, const Comment& comment) {
  if (word == "up") return set_once(layout.up, script, comment);
  if (word == "down") return set_once(layout.down, script, comment);
  if (word == "no transaction")
    layout.transaction = false;
  else if (word == "envsub on" || word == "envsub off")
    throw bad(script, comment, "variables of the environment cannot be taken over",
              "write their values into the file, and take ENVSUB out");
  else if (word != "statementbegin" && word != "statementend")
    throw bad(script, comment, "unknown annotation `-- " + comment.text + "`");
  layout.others.push_back(comment.line);
}

Layout layout_of(const Script& script) {
  Layout layout;
  for (const Comment& comment : comments_of(script))
    if (const std::optional<std::string> word = annotation_in(comment))
      take(layout, *word, script, comment);
  if (!layout.up || (layout.down && *layout.down < *layout.up))
    throw bad_line("bad_marker", script.file, 1 + layout.down.value_or(0),
                   "the file must begin with a line `-- +goose Up`");
  return layout;
}

Revision read_file(const fs::path& file, std::string_view number, std::string_view rest) {
  Script script = read_script(file);
  const Layout layout = layout_of(script);
  script.transaction = layout.transaction;
  for (const std::size_t line : layout.others) blank_line(script, line);
  const std::size_t end = lines_of(script.text).size();
  Revision revision;
  revision.version = without_zeros(number);
  revision.written = number;
  revision.name = words_of(rest);
  revision.upgrade = part_of(script, *layout.up + 1, layout.down.value_or(end));
  if (layout.down) revision.downgrade = part_of(script, *layout.down + 1, end);
  return revision;
}

void refuse_program(const fs::path& file) {
  const std::string name = file.filename().string();
  if (!leading_digits(name).empty() && name.ends_with(".go") && !name.ends_with("_test.go"))
    throw bad_line("not_sql", file, 0, "a migration written in Go cannot be taken over",
                   "write what it does as SQL, in a file of the same number");
}

}  // namespace

History read_goose(const fs::path& directory) {
  History history;
  history.tool = Tool::goose;
  for (const fs::path& file : files_of(directory)) {
    refuse_program(file);
    const std::string name = file.filename().string();
    if (!name.ends_with(".sql")) continue;
    const std::string_view stem = std::string_view(name).substr(0, name.size() - 4);
    const std::string_view number = leading_digits(stem);
    if (number.empty() || !stem.substr(number.size()).starts_with('_'))
      history.notices.push_back({Place{file.string()}, "left out: no number before its name"});
    else
      history.revisions.push_back(read_file(file, number, stem.substr(number.size())));
  }
  std::stable_sort(
      history.revisions.begin(), history.revisions.end(),
      [](const Revision& a, const Revision& b) { return version_less(a.version, b.version); });
  return history;
}

}  // namespace steward::importer
