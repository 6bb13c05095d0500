#include "test/cluster/support/project.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace steward::test {

namespace fs = std::filesystem;

Project::Project() {
  std::string name = (fs::temp_directory_path() / "steward-project-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp: " + name);
  root_ = name;
  fs::create_directory(root_ / "migrations");
  write("steward.toml", "[migrations]\ndirectory = \"migrations\"\n");
}

Project::~Project() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

fs::path Project::add(const std::string& id, const std::string& parents, const std::string& upgrade,
                      const std::string& downgrade, const std::string& headers) {
  std::string text =
      "-- revision: " + id + "\n-- revises:" + (parents.empty() ? "" : " " + parents) +
      "\n-- message: " + id + "\n" + headers + "-- steward:upgrade\n" + upgrade + "\n";
  if (!downgrade.empty()) text += "-- steward:downgrade\n" + downgrade + "\n";
  const std::string name = "migrations/" + id + "_" + id + ".sql";
  write(name, text);
  return root_ / name;
}

void Project::add_chain(int length) {
  for (int i = 1; i <= length; ++i) {
    const std::string id = "a" + std::to_string(i);
    add(id, i == 1 ? "" : "a" + std::to_string(i - 1), "CREATE TABLE " + id + " (n integer);",
        "DROP TABLE " + id + ";");
  }
}

void Project::write(const std::string& name, const std::string& text) const {
  std::filesystem::create_directories((root_ / name).parent_path());
  std::ofstream file(root_ / name, std::ios::binary);
  file << text;
}

std::string Project::read(const std::string& name) const {
  std::ifstream file(root_ / name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Outcome Project::steward(const std::vector<std::string>& words, RunOptions options) const {
  options.directory = root_.string();
  if (!url_.empty()) options.environment.emplace("DATABASE_URL", url_);
  return test::steward(words, options);
}

}  // namespace steward::test
