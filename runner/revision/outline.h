// Outlines: what can be said of a directory's revisions without reading more than their headers,
// for whoever must answer at once, such as a shell that completes a word. A file that is malformed
// has none: reading it in earnest says what is wrong.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace steward::revision {

struct Outline {
  std::string id;
  std::string message;
  std::vector<std::string> labels;
};

// In the order of the files' names. A directory that is not there, or cannot be read, has none.
std::vector<Outline> outlines(const std::filesystem::path& directory);

}  // namespace steward::revision
