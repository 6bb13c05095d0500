#include "runner/spec/writer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "runner/spec/cell.h"
#include "runner/spec/markdown.h"
#include "runner/text.h"

namespace steward::spec {
namespace {

// A table that grows row by row; columns without anything in them may be dropped at the end.
class Grid {
 public:
  explicit Grid(std::vector<std::string> header) : header_(std::move(header)) {}

  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }

  std::string text(std::size_t always) const {
    std::vector<std::size_t> kept;
    for (std::size_t at = 0; at < header_.size(); ++at)
      if (at < always || filled(at)) kept.push_back(at);
    std::string text = line(header_, kept) + "|";
    for (std::size_t at = 0; at < kept.size(); ++at) text += "---|";
    text += '\n';
    for (const std::vector<std::string>& row : rows_) text += line(row, kept);
    return text;
  }

 private:
  bool filled(std::size_t column) const {
    return std::any_of(rows_.begin(), rows_.end(),
                       [&](const std::vector<std::string>& row) { return !row[column].empty(); });
  }

  static std::string line(const std::vector<std::string>& cells,
                          const std::vector<std::size_t>& kept) {
    std::string text = "|";
    for (const std::size_t at : kept)
      text += (cells[at].empty() ? " " : ' ' + cells[at] + ' ') + '|';
    return text + '\n';
  }

  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

std::string code(const std::string& sql) {
  return cell_of_sql(sql).value();
}

// Outside of tables nothing stands for a |.
std::string code_in_line(const std::string& sql) {
  return replaced(code(sql), "\\|", "|");
}

std::string prose(const std::string& text) {
  return cell_of_prose(text).value();
}

const char* yes_or_no(bool yes) {
  return yes ? "yes" : "no";
}

std::string section(const std::string& title, const std::string& body) {
  return "\n## " + title + "\n\n" + body;
}

std::string key_of(const Column& column) {
  std::vector<std::string> marks;
  if (column.primary_key) marks.emplace_back("PK");
  if (column.foreign_key) marks.emplace_back("FK");
  if (column.unique) marks.emplace_back("unique");
  return joined(marks);
}

std::string columns_of(const Relation& relation) {
  std::string body;
  for (const auto& [word, sql] :
       {std::pair{"Inherits: ", &relation.inherits}, std::pair{"Of type: ", &relation.of_type}})
    if (!sql->empty()) body += (body.empty() ? "" : "\n") + (word + code_in_line(*sql)) + '\n';
  if (relation.columns.empty() && !relation.inherits.empty()) return section("Columns", body);
  if (!body.empty()) body += '\n';
  Grid grid({"Column", "Type", "Null", "Default", "Key", "Description"});
  for (const Column& one : relation.columns)
    grid.add({code(one.name), code(one.type), yes_or_no(one.nullable), code(one.value), key_of(one),
              prose(one.description)});
  return section("Columns", body + grid.text(6));
}

std::string constraints_of(const Relation& relation) {
  Grid grid({"Name", "Definition", "Description"});
  for (const Constraint& one : relation.constraints)
    grid.add({code(one.name), code(one.definition), prose(one.description)});
  return grid.empty() ? "" : section("Constraints", grid.text(2));
}

std::string relationships_of(const Relation& relation) {
  Grid grid({"Columns", "References", "Rules", "Name", "Description"});
  for (const Relationship& one : relation.relationships)
    grid.add({code(one.columns), code(one.references), code(one.rules), code(one.name),
              prose(one.description)});
  return grid.empty() ? "" : section("Relationships", grid.text(3));
}

std::string indexes_of(const Relation& relation) {
  Grid grid({"Name", "Columns", "Unique", "Method", "Options", "Where", "Description"});
  const bool any = std::any_of(relation.indexes.begin(), relation.indexes.end(),
                               [](const Index& one) { return one.unique; });
  for (const Index& one : relation.indexes)
    grid.add({code(one.name), code(one.columns), any ? yes_or_no(one.unique) : "", code(one.method),
              code(one.options), code(one.where), prose(one.description)});
  return grid.empty() ? "" : section("Indexes", grid.text(2));
}

const char* word_for(RowSecurity state) {
  return state == RowSecurity::off ? "off" : state == RowSecurity::enabled ? "enabled" : "forced";
}

std::string policies_of(const Relation& relation) {
  Grid grid({"Name", "Command", "Kind", "Roles", "Using", "Check", "Description"});
  for (const Policy& one : relation.policies)
    grid.add({code(one.name), code(one.command), one.restrictive ? "restrictive" : "",
              code(one.roles), code(one.reading), code(one.writing), prose(one.description)});
  const bool said = relation.row_security != RowSecurity::unsaid;
  if (grid.empty() && !said) return "";
  std::string body =
      said ? std::string("Row security: ") + word_for(relation.row_security) + '\n' : "";
  if (!grid.empty()) body += (said ? "\n" : "") + grid.text(2);
  return section("Policies", body);
}

std::string partitions_of(const Relation& relation) {
  if (relation.partition_by.empty()) return "";
  Grid grid({"Partition", "Bound", "Of", "Partitioned by", "Description"});
  for (const Partition& one : relation.partitions)
    grid.add({code(one.name), code(one.bound), code(one.of), code(one.partition_by),
              prose(one.description)});
  const std::string how = "Partitioned by: " + code_in_line(relation.partition_by) + '\n';
  return section("Partitions", grid.empty() ? how : how + '\n' + grid.text(2));
}

std::string relation_text(const Relation& relation) {
  std::string text = "# Table " + cell_of_sql(relation.name).value() + '\n';
  if (!relation.purpose.empty()) text += section("Purpose", relation.purpose + '\n');
  return text + columns_of(relation) + constraints_of(relation) + relationships_of(relation) +
         indexes_of(relation) + policies_of(relation) + partitions_of(relation);
}

bool is_plain(const std::string& value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return c == '_' || c == '-' || c == ' ' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
  }) && trim(value) == value;
}

std::string enums_of(const Document& document) {
  Grid grid({"Enum", "Values", "Description"});
  for (const Enum& one : document.enums) {
    std::vector<std::string> values;
    for (const std::string& value : one.values)
      values.push_back(is_plain(value) ? value : "'" + replaced(value, "'", "''") + "'");
    grid.add({code(one.name), code(joined(values)), prose(one.description)});
  }
  return grid.empty() ? "" : section("Enums", grid.text(2));
}

std::string fence_for(const std::string& text) {
  std::string fence = "```";
  while (text.find(fence) != text.npos) fence += '`';
  return fence;
}

std::string sql_of(const Document& document) {
  std::string body;
  for (const Sql& one : document.sql) {
    const std::string fence = fence_for(one.text);
    body += (body.empty() ? "" : "\n") + fence + "sql\n" + one.text + fence + '\n';
  }
  return body.empty() ? "" : section("SQL", body);
}

}  // namespace

std::string write(const Document& document) {
  std::string text;
  for (const Relation& relation : document.relations)
    text += (text.empty() ? "" : "\n") + relation_text(relation);
  if (text.empty()) text = document.enums.empty() ? "# Everything else\n" : "# Types\n";
  return text + enums_of(document) + sql_of(document);
}

bool can_be_purpose(const std::string& text) {
  if (trim(text) != text || text.find('\r') != text.npos) return false;
  const std::vector<std::string> lines = lines_of(text);
  for (const std::string& line : lines)
    if (line.starts_with('\t') || line.find('\f') != line.npos) return false;
  for (const MarkdownBlock& block : blocks_of(lines))
    if (block.kind == BlockKind::heading || block.kind == BlockKind::code) return false;
  return text.find("```") == text.npos && text.find("~~~") == text.npos;
}

}  // namespace steward::spec
