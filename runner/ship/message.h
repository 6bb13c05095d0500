// A message under way: its text, and which part of it is whose, so that what the server says of a
// character of it can be said of a file's line. Pure.
#pragma once

#include <string>
#include <vector>

#include "runner/error.h"
#include "runner/failure.h"
#include "runner/plan.h"

namespace steward::ship {

class Message {
 public:
  void add(std::string_view text) { text_ += text; }
  // Text of the section of steps[step], which begins on this line of its file.
  void add_section(std::size_t step, const revision::File& file, std::string_view text,
                   std::uint64_t line);

  const std::string& text() const { return text_; }
  std::size_t size() const { return text_.size(); }
  bool empty() const { return text_.empty(); }

  // The place that a character (from 1) of the message stands for; nothing when it is none of a
  // file's. first_statement: the number of the part's first statement, 0 when it is not known.
  std::optional<Place> locate(long position, int first_statement) const;
  // The step whose section holds the character.
  std::optional<std::size_t> step_at(long position) const;
  // The line of a file as it stands in the message, for an excerpt.
  std::string line_of(const std::string& file, std::uint64_t line) const;

 private:
  struct Part {
    std::size_t step;
    std::string file;
    std::uint64_t line;
    std::size_t begin;
    std::size_t end;
  };
  const Part* part_at(std::size_t offset) const;

  std::string text_;
  std::vector<Part> parts_;
};

// What the context line `revision R, statement N, FILE:LINE` of an error says.
std::optional<Place> place_in_context(std::string_view context);

}  // namespace steward::ship
