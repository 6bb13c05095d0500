// Markers: the lines `-- steward:NAME ...` that divide a revision's file.
#pragma once

#include <string>
#include <string_view>

#include "runner/revision/file.h"

namespace steward::revision {

enum class MarkerKind { upgrade, downgrade, verify, irreversible };

struct Marker {
  MarkerKind kind;
  Options options;     // of a section
  std::string reason;  // of irreversible
};

// Whether a line, with nothing before or after it, is a marker, known or not.
bool is_marker(std::string_view line);

// What it says. offset: where in the file the line begins. Throws sql::Fault for an unknown marker,
// an option that is unknown, given twice or has no such value, and a missing reason.
Marker parse_marker(std::string_view line, std::uint64_t offset);

std::string_view name_of(MarkerKind kind);

}  // namespace steward::revision
