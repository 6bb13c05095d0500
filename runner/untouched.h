// Untouched: whether a directory of revisions can hold nothing that the ledger does not have.
// Judged by names and times alone, without opening a file: it is what makes an upgrade with nothing
// to do cheap.
#pragma once

#include <filesystem>

#include "runner/ledger.h"

namespace steward {

// True when every revision file's name begins with the id of an applied revision, there is one for
// each of them, and no file has changed since its revision was applied. A file's change time cannot
// be set back, and a fresh checkout is newer than what was applied before it; the clocks of the two
// machines are compared by what the server said its own was. False: it has to be looked at more
// closely.
bool untouched(const std::filesystem::path& directory, const ledger::State& state);

}  // namespace steward
