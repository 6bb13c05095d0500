// An imported history as revision files, in the format of docs/revisions.md: each revision on the
// one before it, unless the tool has a graph of its own.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "runner/import/history.h"

namespace steward::importer {

struct Written {
  std::vector<std::filesystem::path> files;  // new, in the history's order
  std::size_t unchanged = 0;                 // were there already, with the same text
};

// The text of one revision's file. parent: the id of the one before it, empty for the first. Throws
// Error(Exit::usage, "bad_marker"), with file and line of the other tool's script, for a comment
// that would be one of our markers.
std::string file_text(const Revision& revision, const std::string& parent);

// Writes all files into a directory, which is made when it is not there. Importing the same again
// changes nothing. Throws Error(Exit::usage, "would_overwrite"), before anything is written, when
// the directory has a revision of one of the ids with another text or name.
Written write(const History& history, const std::filesystem::path& directory);

}  // namespace steward::importer
