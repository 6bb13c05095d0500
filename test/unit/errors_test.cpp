// The register of errors is complete: every code that the sources throw stands in docs/errors.md.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace steward {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Errors, are_all_in_the_register) {
  const fs::path root = STEWARD_SOURCE_DIR;
  const std::string documented = read_text(root / "docs/errors.md");
  const std::regex thrown("Exit::[a-z_]+,\\s*\"([a-z_]+)\"");
  for (const auto& item : fs::recursive_directory_iterator(root / "runner")) {
    if (item.path().extension() != ".cpp") continue;
    const std::string source = read_text(item.path());
    for (std::sregex_iterator at(source.begin(), source.end(), thrown), end; at != end; ++at)
      EXPECT_NE(documented.find("`" + (*at)[1].str() + "`"), std::string::npos)
          << (*at)[1] << " of " << item.path().lexically_relative(root);
  }
}

}  // namespace
}  // namespace steward
