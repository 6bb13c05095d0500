// The files of a foreign history: listed, read and made into scripts. Knows no format.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "runner/import/history.h"

namespace steward::importer {

// The regular files of a directory (hidden ones left out), sorted by path. Throws
// Error(Exit::usage): no_directory, cannot_read_file.
std::vector<std::filesystem::path> files_of(const std::filesystem::path& directory);
std::vector<std::filesystem::path> files_below(const std::filesystem::path& directory);
// Its sub-directories, hidden ones left out, sorted.
std::vector<std::filesystem::path> directories_of(const std::filesystem::path& directory);

// The bytes as they are. Throws Error(Exit::usage, "cannot_read_file").
std::string read_bytes(const std::filesystem::path& file);

// The bytes as text: without BOM, CRLF as LF. Throws Error(Exit::usage), nul_byte or invalid_utf8,
// with the line of the first.
Script script_of(const std::filesystem::path& file, std::string_view bytes);
inline Script read_script(const std::filesystem::path& file) {
  return script_of(file, read_bytes(file));
}

// The lines of text, without their ends.
std::vector<std::string_view> lines_of(std::string_view text);

// An error of usage about a line of a file, which it shows. line 0: about the file as a whole.
Error bad_line(std::string code, const std::filesystem::path& file, std::uint64_t line,
               const std::string& message, std::string hint = {});

}  // namespace steward::importer
