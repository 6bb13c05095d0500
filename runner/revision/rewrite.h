// Rewriting a revision's header on disk, its sections left byte for byte as they are; a file
// as a whole.
#pragma once

#include <string>
#include <vector>

#include "runner/revision/file.h"

namespace steward::revision {

// The file's text with these parents in its `revises` line, which is added where there is none.
std::string with_parents(std::string_view text, const std::vector<std::string>& parents);

// The file's bytes. Throws Error(Exit::usage, "cannot_read_file").
std::string read_whole(const std::filesystem::path& path);

// Puts the text in the file's place, whole or not at all. Throws Error(Exit::usage,
// "cannot_write_file").
void replace(const std::filesystem::path& path, std::string_view text);

}  // namespace steward::revision
