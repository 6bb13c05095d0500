// One result of a script. Pure.
#pragma once

#include <string>

#include "runner/failure.h"
#include "runner/rows.h"

namespace steward::pg {

struct Result {
  enum class Kind { command, rows, copy_in, copy_out, error };
  Kind kind = Kind::command;
  std::string tag;  // CREATE TABLE, INSERT 0 3, ...; empty for copy_in, copy_out and error
  Rows rows;        // kind rows: the first of them, as far as `row_limit` goes
  Failure failure;  // kind error
};

// Rows kept of one result of a script; what a script selects beyond that is read and dropped.
inline constexpr std::size_t row_limit = 1000;

}  // namespace steward::pg
