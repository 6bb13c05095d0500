// What the tests of the importers share: the histories of test/histories, and directories made for
// one test.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "runner/import/import.h"

namespace steward::importer {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

inline const fs::path histories = fs::path(STEWARD_SOURCE_DIR) / "test/histories";
inline const Values flyway_values = {{"schema", "ledger"}, {"owner_comment", "kept by the books"}};

inline History read_own(Tool tool, const std::string& name) {
  return read(tool, histories / name, tool == Tool::flyway ? flyway_values : Values());
}

inline Revision find(const History& history, const std::string& version) {
  for (const Revision& revision : history.revisions)
    if (revision.version == version) return revision;
  throw std::out_of_range(version);
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A directory that is there for one test, with the files it is given.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "import_test.XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Scratch() { fs::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const fs::path& path() const { return path_; }
  Scratch& file(const std::string& name, const std::string& text) {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return *this;
  }

 private:
  fs::path path_;
};

}  // namespace steward::importer
