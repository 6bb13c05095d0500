// A table of a spec: its header understood, its rows as what they say. Every section has its own
// set of columns, some of which may be left out; a header or a cell that is not understood is an
// error with its line. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runner/error.h"
#include "runner/spec/cell.h"
#include "runner/spec/document.h"
#include "runner/spec/markdown.h"

namespace steward::spec {

// The error of a line of the page, counted from 0.
Error fault(const Document& document, std::size_t line, const std::string& what,
            const std::string& hint);

// How a table of that section looks, for a hint.
std::string example_of(std::string_view section);

class Row {
 public:
  // The cells still have their comments; what they say was is told by marks().
  Row(const Document& document, std::size_t line, std::string about,
      std::map<std::string, std::string> cells);

  std::uint64_t line() const { return line_ + 1; }
  // SQL; empty when the cell is, or the column is not there.
  std::string sql(const std::string& column) const;
  std::string sql_required(const std::string& column) const;
  // The same, but of names with commas between them, in backticks together or each.
  std::vector<std::string> list(const std::string& column) const;
  std::string prose(const std::string& column) const;
  // yes or no; what is said of it when the table does not have the column.
  bool flag(const std::string& column, bool otherwise) const;
  bool says(const std::string& column) const;  // whether the cell holds anything
  // What <!-- was: --> says in the cells, with the cell's column.
  const std::vector<std::pair<std::string, WasComment>>& marks() const { return marks_; }
  Error refused(const std::string& what, const std::string& hint) const;

 private:
  const Document& document_;
  std::size_t line_;
  std::string about_;  // "table tasks: "
  std::map<std::string, std::string> cells_;
  std::vector<std::pair<std::string, WasComment>> marks_;
};

class Table {
 public:
  Table(const Document& document, const MarkdownBlock& block, std::string about,
        std::string_view section);

  std::size_t rows() const { return block_.count - 2; }
  Row row(std::size_t number) const;

 private:
  const Document& document_;
  const MarkdownBlock& block_;
  std::string about_;
  std::vector<std::string> header_;
};

Column column_of(const Row& row);
Constraint constraint_of(const Row& row);
Relationship relationship_of(const Row& row);
Index index_of(const Row& row);
Policy policy_of(const Row& row);
Partition partition_of(const Row& row);
Enum enum_of(const Row& row);
// The value of an enum that stands last in this text, as part of a list of them.
std::string last_value_in(std::string_view values);

}  // namespace steward::spec
