// COPY data: the lines after COPY ... FROM stdin, up to the one that is exactly `\.`. Nothing in
// them is SQL.
#pragma once

#include <cstdint>
#include <string_view>

#include "runner/sql/window.h"

namespace steward::sql {

class CopyData {
 public:
  // Takes rows off what is in memory: whole lines, a part of one that is longer than 32 kB. Empty
  // when more bytes are needed, or at the end.
  std::string_view take(Window& window);
  // At the line that ends the data: takes it, with its line end.
  std::string_view take_end(Window& window);
  bool at_end() const { return at_end_; }

 private:
  const char* after_line(const Window& window, const char* line);

  bool at_end_ = false;
  bool within_line_ = false;  // a part of the line was taken
};

}  // namespace steward::sql
