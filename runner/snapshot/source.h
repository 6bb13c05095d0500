// The files of sql/snapshot, in the order of sql/ORDER, as text: CMake writes them into the
// program.
#pragma once

#include <string_view>

namespace steward::snapshot {

std::string_view source();

}  // namespace steward::snapshot
