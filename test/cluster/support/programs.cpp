#include "test/cluster/support/programs.h"

#include <cctype>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace steward::test {
namespace {

std::string bin_directory() {
  const char* given = std::getenv("PG_CONFIG");
  const Ran asked = run({given != nullptr ? given : "pg_config", "--bindir"});
  if (asked.exit != 0) throw std::runtime_error("pg_config: " + asked.err);
  return asked.out.substr(0, asked.out.find('\n'));
}

// d: a digit, x: a hexadecimal one, others: themselves.
bool has_shape(std::string_view text, std::string_view shape) {
  if (text.size() < shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    const bool fits = shape[i] == 'd'   ? std::isdigit(c) != 0
                      : shape[i] == 'x' ? std::isxdigit(c) != 0
                                        : text[i] == shape[i];
    if (!fits) return false;
  }
  return true;
}

// The length of what differs from run to run, when the text begins with it.
std::size_t varying(std::string_view text) {
  if (text.empty() || std::isxdigit(static_cast<unsigned char>(text[0])) == 0) return 0;
  constexpr std::string_view uuid = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (has_shape(text, uuid)) return uuid.size();
  constexpr std::string_view time = "dddd-dd-dd dd:dd:dd";
  if (!has_shape(text, time)) return 0;
  const std::size_t end = text.find_first_not_of("0123456789.:+-", time.size());
  return end == text.npos ? text.size() : end;
}

std::string without_varying(std::string_view line) {
  std::string text;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t length = varying(line.substr(at));
    if (length > 0)
      text += '?';
    else if (line[at] != '\r')
      text += line[at];
    at += length > 0 ? length : 1;
  }
  return text;
}

// pg_dump's own comments, and the random word it guards its output with.
bool is_frame(std::string_view line) {
  return line.empty() || line.starts_with("--") || line.starts_with("\\restrict") ||
         line.starts_with("\\unrestrict");
}

std::string normalised(const std::string& text) {
  std::istringstream lines(text);
  std::string result;
  for (std::string line; std::getline(lines, line);)
    if (!is_frame(line)) result += without_varying(line) + '\n';
  return result;
}

}  // namespace

std::string postgres_program(const std::string& name) {
  static const std::string directory = bin_directory();
  return directory + "/" + name;
}

Ran psql_file(const std::string& url, const std::filesystem::path& file,
              const std::vector<std::string>& options) {
  std::vector<std::string> words{postgres_program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1"};
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(), {"-f", file.string(), url});
  return run(words);
}

Ran psql(const std::string& url, const std::string& text, const std::vector<std::string>& options) {
  std::vector<std::string> words{postgres_program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1"};
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(), {"-c", text, url});
  return run(words);
}

std::string dump(const std::string& url, const std::vector<std::string>& options) {
  std::vector<std::string> words{postgres_program("pg_dump"), "-N", "steward"};
  words.insert(words.end(), options.begin(), options.end());
  words.push_back(url);
  const Ran dumped = run(words);
  if (dumped.exit != 0) throw std::runtime_error("pg_dump: " + dumped.err);
  return normalised(dumped.out);
}

std::string difference(const std::string& expected, const std::string& found) {
  std::istringstream a(expected), b(found);
  std::string one, other, before;
  for (int number = 1;; ++number) {
    const bool more_a = static_cast<bool>(std::getline(a, one));
    const bool more_b = static_cast<bool>(std::getline(b, other));
    if (!more_a && !more_b) return "";
    if (more_a != more_b || one != other)
      return "line " + std::to_string(number) + ", after: " + before +
             "\nexpected: " + (more_a ? one : "(end)") +
             "\nfound:    " + (more_b ? other : "(end)");
    before = one;
  }
}

}  // namespace steward::test
