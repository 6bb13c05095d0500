#include <algorithm>
#include <utility>

#include "runner/import/checksum.h"
#include "runner/import/files.h"
#include "runner/import/formats.h"
#include "runner/import/placeholders.h"
#include "runner/import/version.h"
#include "runner/text.h"

namespace steward::importer {
namespace {

namespace fs = std::filesystem;

// V1_1__Add_text.sql: kind V, version 1.1, name "Add text".
struct Name {
  char kind;
  std::string version;
  std::string words;
};

std::optional<Name> parse_name(std::string_view file) {
  if (!file.ends_with(".sql") || file.size() < 5) return std::nullopt;
  file.remove_suffix(4);
  const std::size_t middle = file.find("__");
  const char kind = file.front();
  if (middle == file.npos || std::string_view("VURB").find(kind) == std::string_view::npos)
    return std::nullopt;
  Name name{kind, std::string(file.substr(1, middle - 1)), words_of(file.substr(middle + 2))};
  std::replace(name.version.begin(), name.version.end(), '_', '.');
  const bool numbered = !leading_digits(name.version).empty() &&
                        name.version.find_first_not_of("0123456789.") == std::string::npos;
  if (numbered == (kind == 'R') || (kind == 'R' && !name.version.empty())) return std::nullopt;
  return name;
}

// <script>.conf, the script's own settings.
struct Settings {
  bool transaction = true;
  bool placeholders = true;
};

bool truth(std::string_view value, const fs::path& file, std::uint64_t line) {
  if (value != "true" && value != "false")
    throw bad_line("bad_setting", file, line, "neither true nor false");
  return value == "true";
}

void take_setting(Settings& settings, std::string_view text, const fs::path& file,
                  std::uint64_t line) {
  const std::size_t middle = std::min(text.find('='), text.size());
  const std::string_view key = trim(text.substr(0, middle));
  const std::string_view value = trim(text.substr(std::min(middle + 1, text.size())));
  if (key == "executeInTransaction")
    settings.transaction = truth(value, file, line);
  else if (key == "placeholderReplacement")
    settings.placeholders = truth(value, file, line);
  else if (key != "encoding" || lower(value) != "utf-8")
    throw bad_line("bad_setting", file, line,
                   "the setting " + std::string(key) + " cannot be taken over",
                   "executeInTransaction and placeholderReplacement can");
}

Settings settings_of(const fs::path& script) {
  Settings settings;
  const fs::path file = script.string() + ".conf";
  if (!fs::exists(file)) return settings;
  const std::string bytes = read_bytes(file);
  std::uint64_t number = 0;
  for (const std::string_view line : lines_of(bytes)) {
    ++number;
    const std::string_view text = trim(line);
    if (!text.empty() && !text.starts_with('#')) take_setting(settings, text, file, number);
  }
  return settings;
}

Script read_configured(const fs::path& file, std::string_view bytes, const Values& values) {
  const Settings settings = settings_of(file);
  Script script = script_of(file, bytes);
  script.transaction = settings.transaction;
  if (settings.placeholders) replace_dollar_names(script, values);
  return script;
}

Revision revision_of(const Name& name, const fs::path& file, const Values& values) {
  const std::string bytes = read_bytes(file);
  Revision revision;
  revision.version = revision.written = name.version;
  revision.name = name.words;
  revision.upgrade = read_configured(file, bytes, values);
  revision.repeatable = name.kind == 'R';
  // The tool takes the sum of a repeatable script as it runs it, of others as they are written.
  revision.checksum = crc32_of_lines(revision.repeatable ? revision.upgrade.text : bytes);
  return revision;
}

bool comes_before(const Revision& a, const Revision& b) {
  if (a.repeatable != b.repeatable) return b.repeatable;
  return a.repeatable ? a.name < b.name : version_less(a.version, b.version);
}

bool same_version(const Revision& revision, std::string_view version) {
  return !revision.repeatable && !version_less(revision.version, version) &&
         !version_less(version, revision.version);
}

void add_undo(History& history, const Name& name, const fs::path& file, const Values& values) {
  for (Revision& revision : history.revisions)
    if (same_version(revision, name.version)) {
      revision.downgrade = read_configured(file, read_bytes(file), values);
      return;
    }
  throw bad_line("no_upgrade", file, 0, "there is no V" + name.version + " that it undoes");
}

void refuse_duplicates(const History& history) {
  const auto& all = history.revisions;
  for (std::size_t i = 1; i < all.size(); ++i)
    if (!comes_before(all[i - 1], all[i]))
      throw bad_line(
          "duplicate_version", all[i].upgrade.file, 0,
          "two files are of one version: " + all[i - 1].upgrade.file.filename().string() + " and " +
              all[i].upgrade.file.filename().string());
}

}  // namespace

History read_flyway(const fs::path& directory, const Values& values) {
  History history;
  history.tool = Tool::flyway;
  std::vector<std::pair<Name, fs::path>> undoes;
  for (const fs::path& file : files_below(directory)) {
    const std::optional<Name> name = parse_name(file.filename().string());
    if (name && name->kind == 'U')
      undoes.emplace_back(*name, file);
    else if (name && name->kind != 'B')
      history.revisions.push_back(revision_of(*name, file, values));
    else if (file.extension() == ".sql")
      history.notices.push_back({Place{file.string()},
                                 "left out: no versioned, undo or "
                                 "repeatable script"});
  }
  for (const auto& [name, file] : undoes) add_undo(history, name, file, values);
  std::stable_sort(history.revisions.begin(), history.revisions.end(), comes_before);
  refuse_duplicates(history);
  return history;
}

}  // namespace steward::importer
