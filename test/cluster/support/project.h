// A project of a test: a directory of its own with revisions, and the steward program run in it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "test/cluster/support/run.h"

namespace steward::test {

class Project {
 public:
  Project();
  ~Project();
  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;

  const std::filesystem::path& root() const { return root_; }

  // A revision file migrations/<id>_<id>.sql. parents: ids with commas. An empty downgrade writes
  // no section.
  std::filesystem::path add(const std::string& id, const std::string& parents,
                            const std::string& upgrade, const std::string& downgrade = "SELECT 1;",
                            const std::string& headers = "");
  // a1, a2, ... each on the one before it, each making a table of its name.
  void add_chain(int length);
  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;

  // Runs steward in the project, DATABASE_URL set to url() when that was given.
  Outcome steward(const std::vector<std::string>& words, RunOptions options = {}) const;
  void use(const std::string& url) { url_ = url; }

 private:
  std::filesystem::path root_;
  std::string url_;
};

}  // namespace steward::test
