// The pages of a spec as files: a directory of Markdown, read whole and written whole. Writing
// never takes away what a person wrote unasked.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/spec/document.h"

namespace steward::spec {

// Where a project's spec is, when nobody says otherwise; relative to the root.
inline constexpr const char* usual_directory = "specs/database";

// One page. Throws Error(Exit::usage, "cannot_read_file"), and as read().
Document read_page(const std::filesystem::path& file);

// Markdown files of the directory and those below it, by path. Empty when there are none.
std::vector<std::filesystem::path> pages_in(const std::filesystem::path& directory);

struct Page {
  std::string name;  // of the file, without a directory
  std::string text;
};

// Writes the pages into the directory, which is made when it is not there, and leaves alone what
// already says the same. Throws Error(Exit::refused):
//   spec_exists    without overwrite: a page is there and says something else, by name
//   spec_left_over a page of the directory describes what none of these does, by name
// and Error(Exit::usage, "cannot_write").
void write_pages(const std::filesystem::path& directory, const std::vector<Page>& pages,
                 bool overwrite);

}  // namespace steward::spec
