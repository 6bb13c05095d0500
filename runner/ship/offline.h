// Offline: a plan as one SQL script that psql runs, for those who may not let a program near their
// database. It holds what the runner would send: each step with its ledger row in its own
// transaction, and refuses like it when the history is not the one it was made for.
#pragma once

#include <functional>
#include <string_view>

#include "runner/ship/script.h"

namespace steward::ship {

using Print = std::function<void(std::string_view)>;

// Prints piece by piece; memory is bounded by the longest statement. Throws as Reader and Splitter.
void print_offline(const plan::Plan& plan, const Script& script, const Print& print);

}  // namespace steward::ship
