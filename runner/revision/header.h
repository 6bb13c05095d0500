// The header of a revision's file: the lines `-- key: value` above its first marker.
#pragma once

#include <string_view>
#include <vector>

#include "runner/revision/file.h"

namespace steward::revision {

class Header {
 public:
  explicit Header(File& file) : file_(file) {}

  // One line above the first marker; offset: where in the file it begins; number: of the line, from
  // 1. Throws sql::Fault for an
  // unknown, misspelt or repeated key, a value that is none, and for anything but a comment.
  void take(std::string_view line, std::uint64_t offset, std::uint64_t number);

 private:
  struct Entry;
  void take_entry(const Entry& entry);
  void take_id(const Entry& entry);
  void take_list(const Entry& entry, std::vector<std::string>& list) const;
  void take_allowance(const Entry& entry);
  void take_variables(const Entry& entry);

  File& file_;
  std::vector<std::string> seen_;
};

}  // namespace steward::revision
