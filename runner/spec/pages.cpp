#include "runner/spec/pages.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "runner/error.h"
#include "runner/spec/reader.h"
#include "runner/text.h"

namespace steward::spec {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream)
    throw Error(Exit::usage, "cannot_read_file", "cannot read " + file.string(), "",
                "check that it is a file, and its permissions");
  return text.str();
}

bool is_page_of(const fs::path& directory, const std::vector<Page>& pages, const fs::path& path) {
  return std::any_of(pages.begin(), pages.end(),
                     [&](const Page& page) { return path == directory / page.name; });
}

// Pages of before that would stay beside the new ones and say more than they do.
void require_nothing_left_over(const fs::path& directory, const std::vector<Page>& pages) {
  std::vector<std::string> left;
  for (const fs::path& path : pages_in(directory)) {
    if (!is_page_of(directory, pages, path) && !read_page(path).empty())
      left.push_back(path.string());
  }
  if (!left.empty())
    throw Error(Exit::refused, "spec_left_over",
                "pages describe what is not there, or what another page will", joined(left, "\n"),
                "remove them, or export into another directory");
}

void require_nothing_lost(const fs::path& directory, const std::vector<Page>& pages) {
  std::vector<std::string> changed;
  for (const Page& page : pages)
    if (const fs::path path = directory / page.name; fs::exists(path) && text_of(path) != page.text)
      changed.push_back(path.string());
  if (!changed.empty())
    throw Error(Exit::refused, "spec_exists", "pages would be written anew", joined(changed, "\n"),
                "add --force; what they say besides the schema would be lost");
}

void write_page(const fs::path& path, const std::string& text) {
  if (fs::exists(path) && text_of(path) == text) return;
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file)
    throw Error(Exit::usage, "cannot_write", "cannot write " + path.string(),
                "check the directory's permissions and the disk's space");
}

}  // namespace

Document read_page(const fs::path& file) {
  return read(text_of(file), file.string());
}

std::vector<fs::path> pages_in(const fs::path& directory) {
  std::vector<fs::path> pages;
  if (!fs::is_directory(directory)) return pages;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory))
    if (entry.is_regular_file() && entry.path().extension() == ".md") pages.push_back(entry.path());
  std::sort(pages.begin(), pages.end());
  return pages;
}

void write_pages(const fs::path& directory, const std::vector<Page>& pages, bool overwrite) {
  if (!overwrite) require_nothing_lost(directory, pages);
  require_nothing_left_over(directory, pages);
  std::error_code failure;
  fs::create_directories(directory, failure);
  if (failure)
    throw Error(Exit::usage, "cannot_write", "cannot make " + directory.string(),
                failure.message());
  for (const Page& page : pages) write_page(directory / page.name, page.text);
}

}  // namespace steward::spec
