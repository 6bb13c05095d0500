// Standing: what the revisions before made of one column, as texts that can be run again: its
// default, the indexes, keys and constraints that name it, its comment. What cannot be taken along
// to another column is said, with the line where it was made.
#pragma once

#include <string>
#include <vector>

#include "runner/safety/lint.h"

namespace steward::safety {

struct Standing {
  struct Index {
    std::string name;
    std::string text;  // CREATE INDEX, as it was written
  };
  struct Key {
    std::string name;
    bool primary = false;
    std::vector<std::string> columns;
  };
  struct Check {
    std::string name;
    std::string body;  // CHECK (...), FOREIGN KEY (...) REFERENCES ...
  };
  std::string default_text;  // empty: none
  std::string sequence;      // that a serial column owns
  std::vector<Index> indexes;
  std::vector<Key> keys;
  std::vector<Check> checks;
  std::vector<std::string> remarks;  // statements that say something of the column by its name
  std::string obstacle;              // empty: all of it can be taken along
};

// before: the revisions before, in their order.
Standing standing_on(const std::string& relation, const std::string& column,
                     const std::vector<const Subject*>& before);

// The clause that begins at an offset: up to a comma or a closing parenthesis of its own level, or
// the limit.
std::string clause_at(const std::string& text, std::size_t from,
                      std::size_t limit = std::string::npos);
// Where a keyword stands outside all parentheses, from an offset on; npos: nowhere.
std::size_t find_word(const std::string& text, std::string_view word, std::size_t from = 0);
// The CREATE INDEX under another name and on another column, CONCURRENTLY.
std::string index_on(const std::string& text, const std::string& name, const std::string& from,
                     const std::string& to);

}  // namespace steward::safety
