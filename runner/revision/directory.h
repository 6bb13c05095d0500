// The directory of revisions: every `<id>_<slug>.sql` file in it (sub-directories and other names
// are left alone; a `.sql` file that does not fit the pattern is an error that names it).
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "runner/error.h"
#include "runner/revision/file.h"

namespace steward::revision {

// All revisions, sorted by file name. Throws Error(Exit::usage, "no_directory") when there is no
// such directory, with the command that makes one, and what read() throws for the first bad file.
std::vector<File> read_directory(const std::filesystem::path& directory);

// A new file with this text, on the disk before it gets a name that counts; mode as for open(2).
// Leaves nothing behind when it fails: Error(Exit::usage, "cannot_write_file").
void write_out(const std::filesystem::path& path, std::string_view text, unsigned mode);
Error cannot_write(const std::filesystem::path& path, int reason);  // reason: errno

// Writes text as a new file of that directory through a temporary name and a rename; refuses to
// overwrite. Returns its path.
std::filesystem::path write_new(const std::filesystem::path& directory, const File& file,
                                std::string_view text);

}  // namespace steward::revision
