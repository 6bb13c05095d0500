#include "runner/spec/table.h"

#include <algorithm>
#include <array>

#include "runner/spec/cell.h"
#include "runner/text.h"

namespace steward::spec {
namespace {

struct Form {
  std::string_view section;
  std::vector<std::string> required;
  std::vector<std::string> optional;
};

const Form& form_of(std::string_view section) {
  static const std::array<Form, 7> forms{{
      {"Columns", {"Column", "Type"}, {"Null", "Default", "Key", "Description"}},
      {"Constraints", {"Definition"}, {"Name", "Description"}},
      {"Relationships", {"Columns", "References"}, {"Rules", "Name", "Description"}},
      {"Indexes", {"Name", "Columns"}, {"Unique", "Method", "Options", "Where", "Description"}},
      {"Partitions", {"Partition", "Bound"}, {"Of", "Partitioned by", "Description"}},
      {"Policies", {"Name"}, {"Command", "Kind", "Roles", "Using", "Check", "Description"}},
      {"Enums", {"Enum", "Values"}, {"Description"}},
  }};
  return *std::find_if(forms.begin(), forms.end(),
                       [&](const Form& form) { return form.section == section; });
}

std::string title_case_of(const Form& form, std::string_view header) {
  for (const auto* names : {&form.required, &form.optional})
    for (const std::string& name : *names)
      if (lower(name) == lower(header)) return name;
  return {};
}

std::string first_words_of(const std::map<std::string, std::string>& cells) {
  for (const char* column : {"Column", "Name", "Enum", "Partition", "Columns"})
    if (const auto cell = cells.find(column); cell != cells.end() && !cell->second.empty())
      return (std::string(column) == "Column" ? "column " : "") +
             sql_in(cell->second).value_or(cell->second) + ": ";
  return {};
}

void take_key(Column& column, const Row& row) {
  const std::string marks = row.prose("Key");
  for (const std::string_view mark : split(marks, ',')) {
    const std::string word = lower(mark);
    if (word == "pk")
      column.primary_key = true;
    else if (word == "unique")
      column.unique = true;
    else if (word == "fk")
      column.foreign_key = true;
    else
      throw row.refused("\"" + std::string(mark) + "\" is no key",
                        "Key is PK, FK or unique, or several of them with commas; what a foreign "
                        "key refers to stands under Relationships");
  }
  if (column.primary_key && column.nullable && row.says("Null"))
    throw row.refused("a column of the primary key cannot be null", "write no under Null");
}

std::string unquoted(std::string_view value) {
  if (value.size() < 2 || !value.starts_with('\'') || !value.ends_with('\''))
    return std::string(value);
  std::string text;
  for (std::size_t at = 1; at + 1 < value.size(); ++at) {
    text += value[at];
    if (value[at] == '\'') ++at;
  }
  return text;
}

}  // namespace

Error fault(const Document& document, std::size_t line, const std::string& what,
            const std::string& hint) {
  Error error(Exit::usage, "bad_spec", what, "", hint);
  const bool there = line < document.lines.size();
  return error.at(
      {document.file, line + 1, 0, 0, there ? printable(document.lines[line]) : std::string()});
}

std::string example_of(std::string_view section) {
  const Form& form = form_of(section);
  std::vector<std::string> names = form.required;
  names.insert(names.end(), form.optional.begin(), form.optional.end());
  std::string rule;
  for (std::size_t at = 0; at < names.size(); ++at) rule += "---|";
  return "| " + joined(names, " | ") + " | and below it |" + rule;
}

Row::Row(const Document& document, std::size_t line, std::string about,
         std::map<std::string, std::string> cells)
    : document_(document), line_(line), about_(std::move(about)), cells_(std::move(cells)) {
  for (auto& [column, cell] : cells_) {
    std::vector<WasComment> found;
    cell = without_was(cell, found);
    for (WasComment& one : found) marks_.emplace_back(column, std::move(one));
  }
}

std::string Row::sql(const std::string& column) const {
  const auto cell = cells_.find(column);
  if (cell == cells_.end()) return {};
  if (const std::optional<std::string> sql = sql_in(cell->second)) return *sql;
  throw refused("the cell under " + column + " is not one piece of SQL",
                "put all of it between backticks: `" + column + "`");
}

std::string Row::sql_required(const std::string& column) const {
  std::string text = sql(column);
  if (text.empty()) throw refused("nothing stands under " + column, "write it, or remove the row");
  return text;
}

std::vector<std::string> Row::list(const std::string& column) const {
  const std::string& cell = cells_.at(column);
  std::vector<std::string> names;
  if (const std::optional<std::string> whole = sql_in(cell)) {
    for (const std::string_view name : split_outside_quotes(*whole, ',')) names.emplace_back(name);
    return names;
  }
  for (const std::string_view part : split_outside_quotes(cell, ',')) {
    const std::optional<std::string> name = sql_in(part);
    if (!name)
      throw refused("the names under " + column + " are not to be told apart",
                    "write `one`, `two`, `three`");
    names.push_back(*name);
  }
  return names;
}

std::string Row::prose(const std::string& column) const {
  const auto cell = cells_.find(column);
  return cell == cells_.end() ? std::string() : prose_in(cell->second);
}

bool Row::flag(const std::string& column, bool otherwise) const {
  const auto cell = cells_.find(column);
  if (cell == cells_.end()) return otherwise;
  const std::string word = lower(cell->second);
  if (word == "yes") return true;
  if (word == "no") return false;
  throw refused(cell->second.empty()
                    ? "nothing stands under " + column
                    : "\"" + cell->second + "\" under " + column + " is neither yes nor no",
                "write yes or no");
}

bool Row::says(const std::string& column) const {
  const auto cell = cells_.find(column);
  return cell != cells_.end() && !cell->second.empty();
}

Error Row::refused(const std::string& what, const std::string& hint) const {
  return fault(document_, line_, about_ + first_words_of(cells_) + what, hint);
}

Table::Table(const Document& document, const MarkdownBlock& block, std::string about,
             std::string_view section)
    : document_(document), block_(block), about_(std::move(about)) {
  const Form& form = form_of(section);
  const auto refused = [&](const std::string& what) {
    return fault(
        document, block.line, about_ + "section " + std::string(section) + ": " + what,
        "its columns are " + joined(form.required) + ", and if you like " + joined(form.optional));
  };
  for (const std::string& cell : cells_of(document.lines.at(block.line))) {
    header_.push_back(title_case_of(form, cell));
    if (header_.back().empty()) throw refused("unknown column \"" + cell + "\"");
    if (std::count(header_.begin(), header_.end(), header_.back()) > 1)
      throw refused("two columns \"" + cell + "\"");
  }
  for (const std::string& name : form.required)
    if (std::find(header_.begin(), header_.end(), name) == header_.end())
      throw refused("there is no column \"" + name + "\"");
}

Row Table::row(std::size_t number) const {
  const std::size_t line = block_.line + 2 + number;
  const std::vector<std::string> cells =
      line < document_.lines.size() ? cells_of(document_.lines[line]) : std::vector<std::string>();
  if (cells.size() != header_.size())
    throw fault(document_, line,
                about_ + "the row has " + counted(cells.size(), "cell") + ", the header has " +
                    std::to_string(header_.size()),
                "a | within a cell is written \\|; an empty cell stands between two |");
  std::map<std::string, std::string> named;
  for (std::size_t at = 0; at < cells.size(); ++at) named[header_[at]] = cells[at];
  return {document_, line, about_, std::move(named)};
}

Column column_of(const Row& row) {
  Column column;
  column.line = row.line();
  column.name = row.sql_required("Column");
  column.type = row.sql_required("Type");
  column.nullable = row.flag("Null", true);
  column.value = row.sql("Default");
  column.description = row.prose("Description");
  take_key(column, row);
  if (column.primary_key) column.nullable = false;
  return column;
}

Constraint constraint_of(const Row& row) {
  Constraint constraint{row.line(), row.sql("Name"), row.sql_required("Definition"),
                        row.prose("Description")};
  if (constraint.name.empty() && !constraint.description.empty())
    throw row.refused("a constraint with a description needs a name", "write it under Name");
  return constraint;
}

Relationship relationship_of(const Row& row) {
  Relationship one{row.line(),
                   row.sql_required("Columns"),
                   row.sql_required("References"),
                   row.sql("Rules"),
                   row.sql("Name"),
                   row.prose("Description")};
  if (one.name.empty() && !one.description.empty())
    throw row.refused("a relationship with a description needs a name", "write it under Name");
  return one;
}

Index index_of(const Row& row) {
  Index index;
  index.line = row.line();
  index.name = row.sql_required("Name");
  index.columns = row.sql_required("Columns");
  index.unique = row.flag("Unique", false);
  index.method = row.sql("Method");
  index.options = row.sql("Options");
  index.where = row.sql("Where");
  index.description = row.prose("Description");
  return index;
}

Partition partition_of(const Row& row) {
  return {row.line(),    row.sql_required("Partition"), row.sql_required("Bound"),
          row.sql("Of"), row.sql("Partitioned by"),     row.prose("Description")};
}

Policy policy_of(const Row& row) {
  Policy policy;
  policy.line = row.line();
  policy.name = row.sql_required("Name");
  policy.command = row.sql("Command");
  const std::string kind = lower(row.prose("Kind"));
  if (!kind.empty() && kind != "permissive" && kind != "restrictive")
    throw row.refused("\"" + kind + "\" is no kind of policy", "write permissive or restrictive");
  policy.restrictive = kind == "restrictive";
  policy.roles = row.sql("Roles");
  policy.reading = row.sql("Using");
  policy.writing = row.sql("Check");
  policy.description = row.prose("Description");
  return policy;
}

Enum enum_of(const Row& row) {
  Enum one;
  one.line = row.line();
  one.name = row.sql_required("Enum");
  for (const std::string& value : row.list("Values")) one.values.push_back(unquoted(value));
  one.description = row.prose("Description");
  return one;
}

std::string last_value_in(std::string_view values) {
  const std::vector<std::string_view> parts = split_outside_quotes(values, ',');
  if (parts.empty()) return {};
  return unquoted(sql_in(parts.back()).value_or(std::string(parts.back())));
}

}  // namespace steward::spec
