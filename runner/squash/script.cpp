#include "runner/squash/script.h"

#include <algorithm>

#include "runner/sql.h"
#include "runner/squash/settings.h"
#include "runner/text.h"

namespace steward::squash {
namespace {

using revision::File;
using revision::Section;

// The section so that anything may follow: without blank lines around it, its last statement
// closed, psql's own lines gone.
std::string closed(const File& file, const Section& section) {
  const std::string script = revision::text(file, section);
  sql::Splitter splitter(sql::source_of(script), file.path.string(), section.line);
  std::string text, rows;
  bool open = false;
  for (sql::Statement statement; splitter.next(statement);) {
    text += statement.text;
    while (statement.copy_in && splitter.data(rows)) text += rows;
    if (statement.copy_in) text += "\\.\n";
    if (statement.number > 0) open = !statement.copy_in && !sql::is_closed(statement.text);
  }
  while (!text.empty() && is_space(text.back())) text.pop_back();
  text.erase(0, std::min(text.find_first_not_of("\n"), text.size()));
  if (text.empty()) return text;
  return text + (open ? "\n;\n" : "\n");
}

// What a script sets holds until its own end only. What follows it is the last one's: nothing.
void append(std::string& whole, const File& file, const Section& section, bool last) {
  const std::string text = closed(file, section);
  whole += (whole.empty() ? "-- " : "\n-- ") + file.id + ' ' + printable(file.message) + '\n';
  const auto names =
      last ? std::vector<std::string>{} : settings_in(text, file.path.string()).names;
  whole += keep(names) + text + give_back(names);
}

std::string upgrades(const Members& part) {
  std::string whole;
  for (const File* file : part) append(whole, *file, file->upgrade, file == part.back());
  return whole;
}

std::string downgrades(const Members& part) {
  std::string whole;
  for (auto file = part.rbegin(); file != part.rend(); ++file)
    append(whole, **file, *(*file)->downgrade, *file == part.front());
  return whole;
}

void add_new(std::vector<std::string>& list, const std::vector<std::string>& more,
             const std::vector<std::string>& but) {
  for (const std::string& one : more)
    if (std::find(list.begin(), list.end(), one) == list.end() &&
        std::find(but.begin(), but.end(), one) == but.end())
      list.push_back(one);
}

void take_header(File& whole, const File& file) {
  whole.replaces.insert(whole.replaces.end(), file.replaces.begin(), file.replaces.end());
  if (file.id != whole.id) whole.replaces.push_back(file.id);
  for (const revision::Variable& variable : file.variables)
    if (std::none_of(whole.variables.begin(), whole.variables.end(),
                     [&](const auto& known) { return known.name == variable.name; }))
      whole.variables.push_back(variable);
  for (const revision::Allowance& allowance : file.allow)
    if (std::none_of(whole.allow.begin(), whole.allow.end(),
                     [&](const auto& known) { return known.rule == allowance.rule; }))
      whole.allow.push_back(allowance);
  if (file.irreversible && !whole.irreversible)
    whole.irreversible = file.id + ": " + *file.irreversible;
}

File header_of(const Members& part, const std::string& message) {
  const File& first = *part.front();
  const File& last = *part.back();
  File whole;
  whole.path = last.path;
  whole.id = last.id;
  whole.parents = first.parents;
  whole.labels = last.labels;
  whole.created = last.created;
  whole.message = message.empty() ? "Squash of " + first.id + " to " + last.id : message;
  for (const File* file : part) take_header(whole, *file);
  for (const File* file : part) add_new(whole.depends_on, file->depends_on, whole.replaces);
  whole.upgrade.options = first.upgrade.options;
  return whole;
}

// The first that has none; nullptr: each has.
const File* without_downgrade(const Members& part) {
  for (const File* file : part)
    if (!file->downgrade) return file;
  return nullptr;
}

// compose() gives each file a way down to be filled in.
std::string without_section(std::string text) {
  static constexpr std::string_view section = "-- steward:downgrade\n";
  if (text.ends_with(section)) text.resize(text.size() - section.size());
  return text;
}

std::string compose(File& whole, const Members& part) {
  const bool back = !whole.irreversible && without_downgrade(part) == nullptr;
  if (back) whole.downgrade.emplace().options = part.back()->downgrade->options;
  std::string text = revision::compose(whole, upgrades(part), back ? downgrades(part) : "");
  if (!back && !whole.irreversible) text = without_section(std::move(text));
  const File& last = *part.back();
  if (last.verify && !last.verify->empty)
    text += "-- steward:verify\n" + closed(last, *last.verify);
  return text;
}

std::vector<std::string> notes_of(const File& whole, const Members& part) {
  std::vector<std::string> notes;
  if (const File* file = without_downgrade(part); file != nullptr && !whole.irreversible)
    notes.push_back(whole.id + " has no downgrade, since " + file->id + " has none");
  for (const File* file : part)
    if (file != part.back() && file->verify && !file->verify->empty)
      notes.push_back("the verify section of " + file->id +
                      " is left out: it need not hold after what follows");
  return notes;
}

}  // namespace

Squashed squashed(const Members& part, const std::string& message) {
  Squashed result{header_of(part, message), {}, {}};
  result.text = compose(result.file, part);
  result.notes = notes_of(result.file, part);
  return result;
}

}  // namespace steward::squash
