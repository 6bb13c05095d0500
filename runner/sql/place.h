// The place of a fault, as a person reads it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runner/error.h"
#include "runner/sql/fault.h"

namespace steward::sql {

// The place of byte `at` of text whose first byte stands on `line` of the file. Bytes before text
// on that line are not known and not counted.
Place place_in(std::string_view text, std::size_t at, const std::string& file, std::uint64_t line);

// The fault as an Error (Exit::usage) at that place.
Error error_at(const Fault& fault, Place place);

}  // namespace steward::sql
