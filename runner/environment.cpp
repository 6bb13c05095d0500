#include "runner/environment.h"

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

#include "runner/error.h"
#include "runner/text.h"

namespace steward {
namespace {

bool is_name(std::string_view text) {
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text[0]))) return false;
  for (const char c : text)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_') return false;
  return true;
}

Error bad_line(const std::string& file, std::size_t line, const std::string& what) {
  Error error(Exit::usage, "bad_env_file", what, "", "write NAME=value, or # and a comment");
  error.at(Place{file, line, 0, 0, {}});
  return error;
}

char unescaped(char c) {
  return c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
}

// A quoted value, `text` beginning at its quote. nullopt when it does not end on its line.
std::optional<std::string> quoted_value(std::string_view text) {
  const char quote = text[0];
  std::string value;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == quote) return value;
    if (quote == '"' && text[at] == '\\' && at + 1 < text.size())
      value += unescaped(text[++at]);
    else
      value += text[at];
  }
  return std::nullopt;
}

// An unquoted value ends at a comment, which needs a space before it: a URL may hold a #.
std::string plain_value(std::string_view text) {
  const std::size_t comment = text.find(" #");
  return std::string(trim(text.substr(0, comment)));
}

Assignment parse_line(std::string_view line, const std::string& file, std::size_t number) {
  if (line.starts_with("export ")) line = trim(line.substr(7));
  const std::size_t equals = line.find('=');
  const std::string_view name = trim(line.substr(0, equals));
  if (equals == std::string_view::npos || !is_name(name))
    throw bad_line(file, number, "a line that is not NAME=value");
  const std::string_view rest = trim(line.substr(equals + 1));
  if (rest.empty() || (rest[0] != '"' && rest[0] != '\''))
    return {std::string(name), plain_value(rest), number};
  std::optional<std::string> value = quoted_value(rest);
  if (!value) throw bad_line(file, number, "a quote that does not end on its line");
  return {std::string(name), std::move(*value), number};
}

}  // namespace

Environment::Environment(std::map<std::string, std::string> variables)
    : given_(std::move(variables)) {}

bool Environment::is_set(const std::string& name) const {
  return given_ ? given_->contains(name) : std::getenv(name.c_str()) != nullptr;
}

std::optional<Environment::Value> Environment::get(const std::string& name) const {
  const auto from_file = from_file_.find(name);
  if (from_file != from_file_.end()) return from_file->second;
  if (!is_set(name)) return std::nullopt;
  std::string text = given_ ? given_->at(name) : std::getenv(name.c_str());
  if (text.empty()) return std::nullopt;
  return Value{std::move(text), "environment"};
}

void Environment::read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) return;
  std::ostringstream text;
  text << file.rdbuf();
  for (Assignment& entry : parse_env(text.str(), path.string())) {
    if (entry.value.empty() || is_set(entry.name)) continue;
    if (!given_ && entry.name.starts_with("PG")) setenv(entry.name.c_str(), entry.value.c_str(), 0);
    from_file_[entry.name] = {std::move(entry.value),
                              path.string() + ":" + std::to_string(entry.line)};
  }
}

std::string Environment::expand(std::string_view text) const {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at, 2) == "$$") {
      result += text[at++];
      continue;
    }
    const std::size_t end =
        text.substr(at, 2) == "${" ? text.find('}', at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      result += text[at];
      continue;
    }
    const std::string_view inside = text.substr(at + 2, end - at - 2);
    const std::size_t otherwise = inside.find(":-");
    const std::string name(inside.substr(0, otherwise));
    if (const auto value = get(name))
      result += value->text;
    else if (otherwise != std::string_view::npos)
      result += inside.substr(otherwise + 2);
    else
      throw Error(Exit::usage, "unset_variable", "the variable " + name + " is not set", "",
                  "export " + name + "=..., or put it into .env");
    at = end;
  }
  return result;
}

std::vector<Assignment> parse_env(std::string_view text, const std::string& file) {
  std::vector<Assignment> assignments;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line[0] != '#') assignments.push_back(parse_line(line, file, number));
  }
  return assignments;
}

}  // namespace steward
