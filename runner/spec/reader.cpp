#include "runner/spec/reader.h"

#include <algorithm>
#include <array>
#include <optional>

#include "runner/error.h"
#include "runner/spec/cell.h"
#include "runner/spec/markdown.h"
#include "runner/spec/table.h"
#include "runner/text.h"

namespace steward::spec {
namespace {

constexpr std::array<std::string_view, 9> sections{"Purpose",       "Columns", "Constraints",
                                                   "Relationships", "Indexes", "Policies",
                                                   "Partitions",    "Enums",   "SQL"};

// Which of the sections; empty: none of them.
std::string_view section_named(std::string_view title) {
  for (const std::string_view section : sections)
    if (lower(section) == lower(title)) return section;
  return {};
}

// The name after the word Table: a code span, or one word. "Table of contents" is no table.
std::optional<std::string> relation_named(std::string_view title) {
  static constexpr std::string_view word = "table";
  if (lower(title.substr(0, word.size())) != word) return std::nullopt;
  std::string_view name = title.substr(word.size());
  if (name.starts_with(':')) name.remove_prefix(1);
  if (name.empty() || (!is_space(name[0]) && name[0] != '`')) return std::nullopt;
  name = trim(name);
  if (name.empty()) return std::nullopt;
  if (!name.starts_with('`') && name.find(' ') != name.npos && !name.starts_with('"'))
    return std::nullopt;
  return sql_in(name);
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& file) {
    document_.file = file;
    document_.lines = lines_of(text);
    require_text(text);
  }

  Document read() {
    for (const MarkdownBlock& block : blocks_of(document_.lines)) {
      if (block.kind == BlockKind::heading) take_heading(block);
      if (block.kind == BlockKind::table) take_table(block);
      if (block.kind == BlockKind::code) take_code(block);
      if (block.kind == BlockKind::paragraph) take_paragraph(block);
    }
    leave_relation();
    return std::move(document_);
  }

 private:
  void require_text(std::string_view text) const {
    Utf8Check check;
    if (check.feed(text) && check.finish()) return;
    const std::size_t line = count_line_ends(text.substr(0, check.bad()));
    throw fault(document_, line, "the page is no UTF-8 text", "save it as UTF-8");
  }

  Relation& relation() { return document_.relations.back(); }
  std::string about() const {
    return in_relation_ ? "table " + document_.relations.back().name + ": " : "";
  }
  Error refused(std::size_t line, const std::string& what, const std::string& hint) const {
    return fault(document_, line, about() + what, hint);
  }

  void take_heading(const MarkdownBlock& block) {
    leave_section(block.line);
    std::vector<WasComment> was;
    const std::optional<std::string> name = relation_named(without_was(block.text, was));
    if (name || block.level <= level_) leave_relation();
    section_ = name ? std::string_view() : section_named(block.text);
    title_ = block.text;
    section_begin_ = block.line + block.count;
    section_line_ = block.line;
    if (name) enter_relation(*name, block);
    if (name) mark_relation(was, block.line);
    require_place();
  }

  void enter_relation(const std::string& name, const MarkdownBlock& block) {
    Relation fresh;
    fresh.line = block.line + 1;
    fresh.name = name;
    document_.relations.push_back(std::move(fresh));
    in_relation_ = true;
    level_ = block.level;
    seen_.clear();
  }

  // Sections of a table stand below its heading, each once.
  void require_place() {
    if (section_.empty() || section_ == "Enums" || section_ == "SQL") return;
    if (!in_relation_)
      throw refused(section_line_, "section " + std::string(section_) + " belongs to no table",
                    "write it below a heading \"# Table `name`\", one # deeper");
    if (std::find(seen_.begin(), seen_.end(), section_) != seen_.end())
      throw refused(section_line_, "a second section " + std::string(section_),
                    "join the two under one heading");
    seen_.push_back(section_);
  }

  void leave_relation() {
    leave_section(document_.lines.size());
    if (in_relation_) require_whole(relation());
    in_relation_ = false;
    level_ = 0;
  }

  void require_whole(const Relation& whole) const {
    if (std::find(seen_.begin(), seen_.end(), "Columns") == seen_.end())
      throw refused(whole.line - 1, "there is no section Columns", example_of("Columns"));
    if (whole.partition_by.empty() && !whole.partitions.empty())
      throw refused(whole.partitions.front().line - 1,
                    "the table has partitions, but nothing says how",
                    "write above them: \"Partitioned by: `RANGE (taken_at)`\"");
    for (const Column& column : whole.columns)
      if (column.foreign_key && !refers(whole, column.name))
        throw refused(column.line - 1,
                      "column " + column.name + " says FK, but no relationship has it",
                      "add it under Relationships: " + example_of("Relationships"));
  }

  static bool refers(const Relation& whole, const std::string& column) {
    return std::any_of(whole.relationships.begin(), whole.relationships.end(),
                       [&](const Relationship& one) {
                         const auto columns = split_outside_quotes(one.columns, ',');
                         return std::find(columns.begin(), columns.end(), column) != columns.end();
                       });
  }

  // What a section was to hold is there.
  void leave_section(std::size_t end) {
    if (section_ == "Purpose") take_purpose(end);
    if (!section_.empty() && section_ != "Purpose" && section_ != "SQL" && !filled_)
      throw refused(section_line_, "section " + std::string(section_) + " has no table",
                    "write one: " + example_of(section_));
    section_ = {};
    filled_ = false;
  }

  void take_purpose(std::size_t end) {
    std::string text;
    for (std::size_t at = section_begin_; at < end; ++at) text += document_.lines[at] + "\n";
    relation().purpose = trim(text);
    relation().purpose_line = section_begin_ + 1;
  }

  void take_table(const MarkdownBlock& block) {
    if (section_ == "Purpose") return;
    if (section_.empty() || section_ == "SQL") throw misplaced(block, "a table", "");
    filled_ = true;
    const Table table(document_, block, about(), section_);
    for (std::size_t row = 0; row < table.rows(); ++row) take_row(table.row(row));
  }

  Error misplaced(const MarkdownBlock& block, const std::string& what,
                  const std::string& otherwise) const {
    const std::string where = title_.empty() ? "before any section" : "under \"" + title_ + "\"";
    return refused(block.line, what + " " + where + " says nothing of the schema",
                   "sections are " + joined({sections.begin(), sections.end()}) + otherwise);
  }

  void take_row(const Row& row) {
    if (section_ == "Columns") take_part(row, relation().columns, column_of(row));
    if (section_ == "Constraints") take_part(row, relation().constraints, constraint_of(row));
    if (section_ == "Relationships") take_part(row, relation().relationships, relationship_of(row));
    if (section_ == "Policies") take_part(row, relation().policies, policy_of(row));
    if (section_ == "Indexes") take_index(row);
    if (section_ == "Partitions") take_partition(row);
    if (section_ == "Enums") take_enum(row);
  }

  template <class Part>
  void take_part(const Row& row, std::vector<Part>& parts, Part part) {
    for (const auto& [column, comment] : row.marks()) {
      if (part.name.empty())
        throw row.refused("<!-- was: " + comment.was + " --> is about a name, and there is none",
                          "write the new one under Name");
      mark(row.line(), Was::Of::part, relation().name, part.name, comment.was);
    }
    parts.push_back(std::move(part));
  }

  // An index stands in the schema of its table.
  void take_index(const Row& row) {
    Index index = index_of(row);
    const auto schema = split_outside_quotes(relation().name, '.');
    const std::string prefix = schema.size() < 2 ? "" : std::string(schema[0]) + '.';
    for (const auto& [column, comment] : row.marks())
      mark(row.line(), Was::Of::object, prefix + index.name, "", comment.was);
    relation().indexes.push_back(std::move(index));
  }

  void take_partition(const Row& row) {
    Partition one = partition_of(row);
    for (const auto& [column, comment] : row.marks())
      mark(row.line(), Was::Of::object, one.name, "", comment.was);
    relation().partitions.push_back(std::move(one));
  }

  void take_enum(const Row& row) {
    Enum one = enum_of(row);
    for (const auto& [column, comment] : row.marks())
      if (column == "Values")
        mark(row.line(), Was::Of::label, one.name, last_value_in(comment.before), comment.was);
      else
        mark(row.line(), Was::Of::object, one.name, "", comment.was);
    document_.enums.push_back(std::move(one));
  }

  void mark_relation(const std::vector<WasComment>& found, std::size_t line) {
    for (const WasComment& one : found)
      mark(line + 1, Was::Of::object, relation().name, "", one.was);
  }

  void mark(std::uint64_t line, Was::Of of, const std::string& object, const std::string& part,
            const std::string& was) {
    if (was.empty())
      throw refused(line - 1, "<!-- was: --> does not say what it was",
                    "write the old name: <!-- was: old_name -->");
    document_.marks.push_back({line, of, object, part, was});
  }

  void take_code(const MarkdownBlock& block) {
    if (block.language != "sql" || section_ == "Purpose") return;
    if (section_ != "SQL")
      throw misplaced(block, "a block of SQL", "; an example has a fence without the word sql");
    std::string text;
    for (std::size_t at = block.line + 1; at <= block.line + block.count; ++at)
      text += document_.lines.at(at) + "\n";
    document_.sql.push_back({block.line + 2, std::move(text)});
  }

  void take_paragraph(const MarkdownBlock& block) {
    if (std::vector<WasComment> was; section_.empty() && in_relation_ && seen_.empty()) {
      without_was(block.text, was);
      mark_relation(was, block.line);
    }
    if (section_.empty() || section_ == "Purpose" || section_ == "SQL") return;
    if (section_ == "Columns" && take_family(block)) return;
    if (section_ == "Partitions" && take_partitioning(block)) return;
    if (block.text.find('|') != block.text.npos)
      throw refused(block.line, "this is no table in Markdown",
                    "a table has an empty line before it, a row of names, a row of --- (three at "
                    "least for each column), then its rows: " +
                        example_of(section_));
    if (section_ == "Policies") take_row_security(block);
    if (section_ == "Partitions")
      throw refused(block.line, "section Partitions does not say that",
                    "besides its table it says how: \"Partitioned by: `RANGE (taken_at)`\"");
  }

  // "word SQL" -> SQL, in backticks together or each; nullopt: it begins with another word.
  std::optional<std::string> said_after(const MarkdownBlock& block, std::string_view word) const {
    if (!lower(block.text).starts_with(word)) return std::nullopt;
    const std::string_view rest = trim(std::string_view(block.text).substr(word.size()));
    if (const std::optional<std::string> whole = sql_in(rest); whole && !whole->empty())
      return whole;
    std::vector<std::string> names;
    for (const std::string_view part : split_outside_quotes(rest, ',')) {
      const std::optional<std::string> name = sql_in(part);
      if (!name || name->empty())
        throw refused(block.line,
                      "what follows \"" + std::string(word) + "\" is not one piece of SQL",
                      "put it between backticks, and let nothing else follow it");
      names.push_back(*name);
    }
    if (names.empty())
      throw refused(block.line, "nothing follows \"" + std::string(word) + "\"",
                    "write it behind that, between backticks");
    return joined(names);
  }

  bool take_partitioning(const MarkdownBlock& block) {
    const std::optional<std::string> how = said_after(block, "partitioned by:");
    if (!how) return false;
    relation().partition_by = *how;
    filled_ = true;
    return true;
  }

  // What a table has its columns from besides the rows. Whether the paragraph says it.
  bool take_family(const MarkdownBlock& block) {
    const std::optional<std::string> parents = said_after(block, "inherits:");
    if (parents) relation().inherits = *parents;
    const std::optional<std::string> type = said_after(block, "of type:");
    if (type) relation().of_type = *type;
    filled_ = filled_ || parents.has_value();
    return parents || type;
  }

  void take_row_security(const MarkdownBlock& block) {
    static constexpr std::string_view word = "row security:";
    const std::string said = lower(block.text);
    const std::string state(trim(said.starts_with(word) ? said.substr(word.size()) : ""));
    if (state == "off")
      relation().row_security = RowSecurity::off;
    else if (state == "enabled")
      relation().row_security = RowSecurity::enabled;
    else if (state == "forced")
      relation().row_security = RowSecurity::forced;
    else
      throw refused(block.line, "section Policies does not say that",
                    "besides its table it says one of \"Row security: off\", \"Row security: "
                    "enabled\", \"Row security: forced\"");
    filled_ = true;
  }

  Document document_;
  bool in_relation_ = false;
  int level_ = 0;  // of the relation's heading
  std::vector<std::string_view> seen_;
  std::string_view section_;
  std::string title_;
  std::size_t section_line_ = 0;
  std::size_t section_begin_ = 0;
  bool filled_ = false;
};

}  // namespace

Document read(std::string_view text, const std::string& file) {
  return Reader(text, file).read();
}

}  // namespace steward::spec
