#include "runner/export/migration.h"

#include <algorithm>
#include <set>

#include "runner/import/import.h"
#include "runner/import/version.h"
#include "runner/sql.h"
#include "runner/text.h"

namespace steward::exporter {
namespace {

using revision::File;
using revision::Section;

constexpr std::size_t fewest_digits = 4;
constexpr std::size_t most_digits = 18;  // what a bigint holds for certain

std::string tool_name(Tool tool) {
  return std::string(importer::name_of(tool));
}

bool fits(const std::string& id, const Abilities& abilities) {
  const bool digits =
      !id.empty() &&
      id.find_first_not_of(abilities.dotted ? "0123456789." : "0123456789") == std::string::npos;
  return digits && id.front() != '.' && id.back() != '.' && id.find("..") == std::string::npos &&
         id.size() <= most_digits;
}

bool comes_before(const std::string& a, const std::string& b, const Abilities& abilities) {
  return abilities.numbers || abilities.dotted ? importer::version_less(a, b) : a < b;
}

// The ids themselves where the tool would put them into the same order, as after an import from it.
bool ids_serve(const std::vector<const File*>& files, const Abilities& abilities) {
  for (std::size_t at = 0; at < files.size(); ++at) {
    if (!fits(files[at]->id, abilities)) return false;
    if (at > 0 && !comes_before(files[at - 1]->id, files[at]->id, abilities)) return false;
  }
  return true;
}

std::string numbered(std::size_t number, std::size_t of) {
  std::string text = std::to_string(number);
  const std::size_t width = std::max(fewest_digits, std::to_string(of).size());
  return std::string(width - std::min(width, text.size()), '0') + text;
}

std::vector<const File*> in_order(const plan::Project& project) {
  std::vector<const File*> files;
  for (const std::string& id : project.graph().order()) files.push_back(project.find(id));
  return files;
}

// SET for what stands behind the marker, and what takes it back where there is no transaction whose
// end would.
struct Around {
  std::string before;
  std::string after;
};

void set(Around& around, bool local, const std::string& name, const std::string& value) {
  if (value.empty()) return;
  around.before += (local ? "SET LOCAL " : "SET ") + name + " = " + quote_literal(value) + ";\n";
  if (!local) around.after += "RESET " + name + ";\n";
}

Around around_of(const revision::Options& options) {
  Around around;
  set(around, options.transaction, "role", options.role);
  set(around, options.transaction, "lock_timeout", options.lock_timeout);
  set(around, options.transaction, "statement_timeout", options.statement_timeout);
  return around;
}

void take(Script& script, const sql::Statement& statement) {
  std::string text(trim(std::string_view(statement.text).substr(statement.first)));
  if (!statement.copy_in && !sql::is_closed(text)) text += "\n;";
  script.statements.push_back(std::move(text));
  script.outside = script.outside || sql::runs_outside_transaction(statement);
  script.copies = script.copies || statement.copy_in;
}

// Without psql's own lines, which the server does not know.
Script read(const std::string& text, const std::string& file, std::uint64_t line) {
  Script script;
  sql::Splitter splitter(sql::source_of(text), file, line);
  std::string rows;
  for (sql::Statement statement; splitter.next(statement);) {
    script.text += statement.text;
    while (statement.copy_in && splitter.data(rows)) script.text += rows;
    if (statement.copy_in) script.text += "\\.\n";
    if (statement.number > 0) take(script, statement);
  }
  return script;
}

void trim_lines(std::string& text) {
  while (!text.empty() && is_space(text.back())) text.pop_back();
  text.erase(0, std::min(text.find_first_not_of('\n'), text.size()));
  if (!text.empty()) text += '\n';
}

Script script_of(const File& file, const Section& section, const variables::Values& values) {
  Script script = read(variables::filled(revision::text(file, section), values), file.path.string(),
                       section.line);
  trim_lines(script.text);
  script.transaction = section.options.transaction;
  const Around around = around_of(section.options);
  if (around.before.empty()) return script;
  if (!around.after.empty() && !script.statements.empty() && !sql::is_closed(script.text))
    script.text += ";\n";
  script.text = around.before + script.text + around.after;
  const std::string file_name = file.path.string();
  const bool outside = script.outside, copies = script.copies, transaction = script.transaction;
  script = read(script.text, file_name, section.line);
  script.outside = outside;
  script.copies = copies;
  script.transaction = transaction;
  return script;
}

void require_runnable(Tool tool, const Abilities& abilities, const File& file,
                      const Script& script) {
  if (script.copies && !abilities.copy)
    throw cannot_export(tool, file, "its COPY brings data along, which only psql can send",
                        "write the rows as INSERT, in a new revision's place");
  if (abilities.one_message && script.outside && script.statements.size() > 1)
    throw cannot_export(tool, file,
                        "it has several statements, and one of them cannot run in a transaction, "
                        "which it would be sent in",
                        "give each of its statements a revision of its own");
}

void note(std::vector<Notice>& notices, const File& file, const std::string& text) {
  notices.push_back({Place{file.path.string()}, text});
}

void tell(Tool tool, const Abilities& abilities, const File& file, const Script& script,
          std::vector<Notice>& notices) {
  if (!script.transaction && abilities.one_message && script.statements.size() > 1)
    note(notices, file, "its statements are in one transaction there");
  if (file.verify && !file.verify->empty && tool != Tool::sqitch)
    note(notices, file, "its verify section is left out");
  if (abilities.graph) return;
  if (!file.labels.empty()) note(notices, file, "its labels are left out");
  if (!file.depends_on.empty()) note(notices, file, "its depends-on is left out: the order has it");
}

void tell_of_branches(const plan::Project& project, std::vector<Notice>& notices) {
  for (const std::string& id : project.graph().branch_points())
    note(notices, *project.find(id), "the branches that begin here are put in one row");
}

std::string unique_name(const File& file, std::set<std::string>& names, bool graph) {
  std::string name = revision::slug(file.message);
  if (graph && !names.insert(name).second) name += "_" + file.id;
  return name;
}

}  // namespace

Error cannot_export(Tool tool, const File& file, const std::string& why, const std::string& hint) {
  Error error(Exit::refused, "cannot_export",
              tool_name(tool) + " cannot hold revision \"" + file.id + "\"", why, hint);
  error.at(Place{file.path.string(), 0, 0, 0, {}});
  return error;
}

std::string never_empty(const Script& script) {
  return script.text.empty() ? "-- nothing to do\n" : script.text;
}

bool has_marker(const std::string& text, const std::vector<std::string>& words) {
  for (const std::string_view line : split(text, '\n')) {
    if (!line.starts_with("--")) continue;
    const std::string_view comment = trim(line.substr(2));
    for (const std::string& word : words)
      if (comment.starts_with(word)) return true;
  }
  return false;
}

std::vector<Migration> migrations_of(const plan::Project& project, Tool tool,
                                     const Abilities& abilities, const variables::Values& values,
                                     std::vector<Notice>& notices) {
  const std::vector<const File*> files = in_order(project);
  const bool ids = abilities.graph || ids_serve(files, abilities);
  if (!abilities.graph) tell_of_branches(project, notices);
  std::vector<Migration> migrations;
  std::set<std::string> names;
  for (const File* file : files) {
    const variables::Values own =
        abilities.fills_names ? variables::Values() : variables::values_for(*file, values);
    Migration migration{file, ids ? file->id : numbered(migrations.size() + 1, files.size()),
                        unique_name(*file, names, abilities.graph),
                        script_of(*file, file->upgrade, own), std::nullopt};
    if (file->downgrade) migration.downgrade = script_of(*file, *file->downgrade, own);
    require_runnable(tool, abilities, *file, migration.upgrade);
    if (migration.downgrade) require_runnable(tool, abilities, *file, *migration.downgrade);
    tell(tool, abilities, *file, migration.upgrade, notices);
    migrations.push_back(std::move(migration));
  }
  return migrations;
}

}  // namespace steward::exporter
