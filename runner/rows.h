// Rows: what a query returned, as text, in one block of memory. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace steward::pg {

// What a query is given for $1, $2, ...; nullopt: NULL.
using Parameters = std::vector<std::optional<std::string>>;

class Rows {
 public:
  Rows() = default;
  explicit Rows(std::vector<std::string> columns) : columns_(std::move(columns)) {}

  const std::vector<std::string>& columns() const { return columns_; }
  std::size_t size() const { return columns_.empty() ? 0 : ends_.size() / columns_.size(); }
  bool empty() const { return ends_.empty(); }

  // The value, nullopt for NULL. The view lives as long as these rows. Throws std::out_of_range for
  // a row or column that is not there.
  std::optional<std::string_view> get(std::size_t row, std::size_t column) const;
  // The same with NULL as an empty text.
  std::string_view text(std::size_t row, std::size_t column) const;
  // NULL and anything but 't' is false; a NULL or a malformed number is 0.
  bool flag(std::size_t row, std::size_t column) const { return text(row, column) == "t"; }
  std::int64_t number(std::size_t row, std::size_t column) const;
  // The elements of a one-dimensional array of text, as PostgreSQL writes it: {a,"b c",NULL}. NULL
  // elements come as empty texts.
  std::vector<std::string> list(std::size_t row, std::size_t column) const;

  // Adds the next value, from left to right, row after row; nullopt: NULL.
  void add(std::optional<std::string_view> value);

 private:
  std::size_t index(std::size_t row, std::size_t column) const;

  std::vector<std::string> columns_;
  std::string bytes_;                // the values, one after the other
  std::vector<std::uint64_t> ends_;  // where each ends in bytes_, times two; odd: NULL
};

// What Rows::list does, for an array's text that came from elsewhere.
std::vector<std::string> parse_array(std::string_view text);
// The other way: texts as an array that PostgreSQL reads.
std::string format_array(const std::vector<std::string>& values);

}  // namespace steward::pg
