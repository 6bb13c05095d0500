#include <algorithm>
#include <map>
#include <utility>

#include "runner/import/files.h"
#include "runner/import/formats.h"
#include "runner/import/markers.h"
#include "runner/process.h"
#include "runner/revision/graph.h"
#include "runner/sql.h"
#include "runner/text.h"

namespace steward::importer {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view up_header = "Running upgrade ", down_header = "Running downgrade ";

// alembic.ini in the directory or above it: people name versions/ too.
fs::path find_settings(const fs::path& path) {
  if (fs::is_regular_file(path)) return fs::absolute(path);
  if (!fs::is_directory(path))
    throw Error(Exit::usage, "no_directory", "there is no directory " + path.string(), "",
                "name the directory that holds alembic.ini");
  fs::path directory = fs::canonical(path);
  for (int level = 0; level < 3; ++level, directory = directory.parent_path())
    if (fs::exists(directory / "alembic.ini")) return directory / "alembic.ini";
  throw Error(Exit::usage, "nothing_to_import",
              "there is no alembic.ini in " + path.string() + " or above it", "",
              "name the directory that holds alembic.ini");
}

// What the tool said last, in one line. It may name the database it would connect to.
std::string last_words(std::string_view errors) {
  std::string last;
  for (const std::string_view line : split(errors, '\n'))
    if (!line.empty()) last = line;
  for (std::size_t at = last.find("://"); at != last.npos; at = last.find("://", at + 3)) {
    const std::size_t end = std::min(last.find_first_of(" '\"", at), last.size());
    const std::size_t login = last.rfind('@', end);
    if (login != last.npos && login > at) last.replace(at + 3, login - at - 3, "***");
  }
  return printable(last, 400);
}

class Alembic {
 public:
  explicit Alembic(fs::path settings) : settings_(std::move(settings)) {
    if (process::find_program("alembic").empty())
      throw Error(Exit::usage, "no_alembic", "the program alembic is not on PATH",
                  "its revisions are Python: only alembic itself knows what SQL they make",
                  "activate the environment that has it, or: apt-get install alembic");
  }

  process::Apart ask(std::vector<std::string> words) const {
    words.insert(words.begin(), {"alembic", "-c", settings_.string()});
    process::Command command{std::move(words)};
    command.directory = settings_.parent_path();
    return process::run_apart(command);
  }

  // The same for what must not fail.
  std::string answer(const std::vector<std::string>& words) const {
    const process::Apart apart = ask(words);
    if (apart.code != 0)
      throw Error(Exit::failed, "alembic_failed", "alembic " + joined(words, " ") + " failed",
                  last_words(apart.errors),
                  "see all it says: alembic -c " + settings_.string() + " " + joined(words, " "));
    return apart.output;
  }
  const fs::path& settings() const { return settings_; }

 private:
  fs::path settings_;
};

std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  for (const std::string_view name : split(list, ','))
    if (!name.empty() && name != "<base>") names.emplace_back(name);
  return names;
}

// "Key: value" of a paragraph of `alembic history --verbose`.
bool take_line(Revision& revision, std::string_view line) {
  const std::size_t colon = line.find(": ");
  if (colon == line.npos) return false;
  const std::string_view key = line.substr(0, colon), value = trim(line.substr(colon + 2));
  if (key == "Rev")
    revision.version = revision.written = value.substr(0, value.find(' '));
  else if (key == "Parent" || key == "Merges")
    revision.parents = names_in(value);
  else if (key == "Also depends on")
    revision.depends_on = names_in(value);
  else if (key == "Branch names")
    revision.labels = names_in(value);
  else if (key == "Path")
    revision.upgrade.file = value;
  return key == "Path";
}

// The docstring, indented: its first line is the message.
void take_text(Revision& revision, std::string_view line) {
  const std::string_view text = trim(line);
  if (revision.name.empty() && !text.empty()) revision.name = text;
  if (text.starts_with("Create Date: ")) {
    revision.created = trim(text.substr(13));
    revision.created = revision.created.substr(0, 19);
    std::replace(revision.created.begin(), revision.created.end(), ' ', 'T');
    revision.created += "Z";
  }
}

// Parents before their children: the listing begins with the heads.
std::vector<Revision> in_order(std::vector<Revision> listed) {
  std::vector<revision::Node> nodes;
  std::map<std::string, Revision*> by_version;
  std::reverse(listed.begin(), listed.end());
  for (Revision& revision : listed) {
    nodes.push_back({revision.version, *revision.parents, revision.depends_on, {}});
    by_version.emplace(revision.version, &revision);
  }
  std::vector<Revision> ordered;
  for (const std::string& id : revision::Graph(std::move(nodes)).order())
    ordered.push_back(std::move(*by_version.at(id)));
  return ordered;
}

std::vector<Revision> revisions_of(std::string_view listing) {
  std::vector<Revision> revisions;
  bool heading = false;
  for (const std::string_view line : lines_of(listing)) {
    if (line.starts_with("Rev: ")) {
      revisions.emplace_back().parents.emplace();
      heading = true;
    }
    if (revisions.empty()) continue;
    if (heading)
      heading = !take_line(revisions.back(), line);
    else
      take_text(revisions.back(), line);
  }
  return in_order(std::move(revisions));
}

// A label is listed with all that it reaches; the first of them carries it.
void keep_first_labels(std::vector<Revision>& revisions) {
  std::vector<std::string> seen;
  for (Revision& revision : revisions)
    std::erase_if(revision.labels, [&seen](const std::string& label) {
      if (std::find(seen.begin(), seen.end(), label) != seen.end()) return true;
      seen.push_back(label);
      return false;
    });
}

using Sections = std::map<std::string, Script>;

// The left or the right side of "a, b -> c": the one that is a single revision.
std::string revision_in(std::string_view header, bool upward) {
  const std::size_t arrow = std::min(header.find("->"), header.size());
  return std::string(
      trim(upward ? header.substr(std::min(arrow + 2, header.size())) : header.substr(0, arrow)));
}

// The output cut at its `-- Running upgrade a -> b`.
Sections sections_of(const Script& output, bool upward) {
  const std::string_view header = upward ? up_header : down_header;
  Sections sections;
  std::string open;
  std::size_t from = 0;
  for (const Comment& comment : comments_of(output)) {
    if (!comment.alone || !comment.text.starts_with(header)) continue;
    if (!open.empty()) sections[open] = part_of(output, from, comment.line);
    open = revision_in(std::string_view(comment.text).substr(header.size()), upward);
    from = comment.line + 1;
  }
  if (!open.empty()) sections[open] = part_of(output, from, lines_of(output.text).size());
  return sections;
}

// The table in which the tool keeps its versions, as its own CREATE TABLE names it.
std::string version_table(const std::string& output) {
  const std::size_t at = output.find("CREATE TABLE ");
  const std::size_t header = output.find("-- Running ");
  if (at == output.npos || at > header) return "alembic_version";
  return output.substr(at + 13, output.find_first_of(" (", at + 13) - at - 13);
}

bool is_bookkeeping(std::string_view statement, const std::string& table) {
  for (const char* verb : {"INSERT INTO ", "UPDATE ", "DELETE FROM ", "DROP TABLE "}) {
    const std::string begin = verb + table;
    if (statement.starts_with(begin) &&
        (statement.size() == begin.size() ||
         std::string_view(" ;(").find(statement[begin.size()]) != std::string_view::npos))
      return true;
  }
  return false;
}

// Without the tool's own statements. It leaves its transaction (COMMIT, and BEGIN again) for an
// autocommit_block(): what is in between runs outside of one.
void take_out_bookkeeping(Script& script, const std::string& table) {
  sql::Splitter splitter(sql::source_of(script.text), script.file.string(), script.line);
  std::string text;
  bool left = false, outside = false;
  for (sql::Statement statement; splitter.next(statement);) {
    const std::string_view bare = std::string_view(statement.text).substr(statement.first);
    if (statement.number == 0)
      text += statement.text;
    else if (sql::controls_transaction(statement))
      left = !statement.words.starts_with("BEGIN");
    else if (!is_bookkeeping(bare, table)) {
      text += statement.text;
      outside = outside || left;
    }
  }
  script.text = std::move(text);
  script.transaction = !outside;
}

Script output_of(const Alembic& alembic, std::string text) {
  return {alembic.settings(), 1, std::move(text), true};
}

// For messages: a line of what is made of the file is none of its own.
fs::path in_sql(const Revision& revision) {
  const std::string file = revision.upgrade.file.string();
  return file.ends_with(" --sql") ? file : file + " --sql";
}

void take_downgrade(Revision& revision, Script section, const std::string& table) {
  section.file = in_sql(revision);
  section.line = 1;
  take_out_bookkeeping(section, table);
  revision.downgrade = std::move(section);
}

Error not_offline(const Revision& revision, const process::Apart& apart) {
  Error error(Exit::failed, "alembic_failed",
              "alembic cannot say which SQL revision \"" + revision.version + "\" runs",
              last_words(apart.errors),
              "it asks the database while it runs: give it a branch for "
              "context.is_offline_mode(), or write its file by hand");
  error.at(Place{revision.upgrade.file.string(), 0, 0, 0, {}});
  return error;
}

void add_upgrades(const Alembic& alembic, std::vector<Revision>& revisions, std::string& table) {
  const process::Apart apart = alembic.ask({"upgrade", "heads", "--sql"});
  table = version_table(apart.output);
  Sections sections = sections_of(output_of(alembic, apart.output), true);
  const Revision* last = &revisions.front();  // the one that was at work when it failed
  for (Revision& revision : revisions) {
    const auto found = sections.find(revision.version);
    if (found == sections.end()) continue;
    last = &revision;
    found->second.file = in_sql(revision);
    found->second.line = 1;
    revision.upgrade = std::move(found->second);
    take_out_bookkeeping(revision.upgrade, table);
  }
  if (apart.code != 0) throw not_offline(*last, apart);
}

// One by one where they do not all run in a row: one that only raises must not cost the others.
void add_downgrade(const Alembic& alembic, Revision& revision, const std::string& table,
                   History& history) {
  const std::string to = revision.parents->empty() ? "base" : revision.parents->front();
  const process::Apart apart = alembic.ask({"downgrade", revision.version + ":" + to, "--sql"});
  Sections sections = sections_of(output_of(alembic, apart.output), false);
  const auto found = sections.find(revision.version);
  if (apart.code != 0 || found == sections.end()) {
    history.notices.push_back(
        {Place{revision.upgrade.file.string()},
         "no downgrade: " +
             (apart.code == 0 ? std::string("alembic shows none") : last_words(apart.errors))});
    return;
  }
  take_downgrade(revision, std::move(found->second), table);
}

bool is_line(const std::vector<Revision>& revisions) {
  for (std::size_t at = 0; at < revisions.size(); ++at) {
    const std::vector<std::string>& parents = *revisions[at].parents;
    if (at == 0 ? !parents.empty()
                : parents.size() != 1 || parents.front() != revisions[at - 1].version)
      return false;
  }
  return true;
}

void add_downgrades(const Alembic& alembic, History& history, const std::string& table) {
  Sections sections;
  if (is_line(history.revisions)) {
    const process::Apart apart =
        alembic.ask({"downgrade", history.revisions.back().version + ":base", "--sql"});
    if (apart.code == 0) sections = sections_of(output_of(alembic, apart.output), false);
  }
  for (Revision& revision : history.revisions) {
    const auto found = sections.find(revision.version);
    if (found == sections.end()) {
      add_downgrade(alembic, revision, table, history);
      continue;
    }
    take_downgrade(revision, std::move(found->second), table);
  }
}

}  // namespace

History read_alembic(const fs::path& directory) {
  const Alembic alembic(find_settings(directory));
  History history;
  history.tool = Tool::alembic;
  history.revisions = revisions_of(alembic.answer({"history", "--verbose"}));
  if (history.revisions.empty()) return history;
  keep_first_labels(history.revisions);
  std::string table;
  add_upgrades(alembic, history.revisions, table);
  add_downgrades(alembic, history, table);
  return history;
}

}  // namespace steward::importer
