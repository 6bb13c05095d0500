// The directory of revisions: every `<id>_<slug>.sql` file in it (sub-directories and other names
// are left alone; a `.sql` file that does not fit the pattern is an error that names it).
#pragma once

#include <filesystem>
#include <vector>

#include "runner/revision/file.h"

namespace steward::revision {

// All revisions, sorted by file name. Throws Error(Exit::usage, "no_directory") when there is no
// such directory, with the command that makes one, and what read() throws for the first bad file.
std::vector<File> read_directory(const std::filesystem::path& directory);

// Writes text as a new file of that directory through a temporary name and a rename; refuses to
// overwrite. Returns its path.
std::filesystem::path write_new(const std::filesystem::path& directory, const File& file,
                                std::string_view text);

}  // namespace steward::revision
