// Fault: what is wrong with a script, by its byte. Thrown by the rooms that read scripts and made
// an Error, with line, column and excerpt, by the one that knows the file.
#pragma once

#include <cstdint>
#include <string>

namespace steward::sql {

struct Fault {
  std::string code;
  std::string message;
  std::string hint;
  std::uint64_t offset = 0;  // from the beginning of the source
};

}  // namespace steward::sql
