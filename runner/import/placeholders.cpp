#include "runner/import/placeholders.h"

#include <optional>
#include <string>
#include <string_view>

#include "runner/import/files.h"
#include "runner/text.h"

namespace steward::importer {
namespace {

// A placeholder found at the start of a text: what it names, and how long it is.
struct Found {
  std::string_view name;
  std::size_t length;
};
using Matcher = std::optional<Found> (*)(std::string_view text);

std::optional<Found> match_dollar_name(std::string_view text) {
  const std::size_t end = text.find_first_of("}\n");
  if (end == text.npos || text[end] != '}') return std::nullopt;
  return Found{trim(text.substr(2, end - 2)), end + 1};
}

bool take(std::string_view& text, std::string_view word) {
  text = trim(text);
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

std::optional<Found> match_template_name(std::string_view text) {
  const std::size_t end = text.find("}}");
  if (end == text.npos) return std::nullopt;
  std::string_view inner = text.substr(2, end - 2);
  if (!take(inner, "index") || !take(inner, ".Options")) return std::nullopt;
  inner = trim(inner);
  if (inner.size() < 2 || inner.front() != '"' || inner.back() != '"') return std::nullopt;
  return Found{inner.substr(1, inner.size() - 2), end + 2};
}

const std::string& value_of(std::string_view name, const Script& script, std::size_t offset,
                            const Values& values) {
  const auto found = values.find(std::string(name));
  if (found != values.end()) return found->second;
  const std::string_view before = std::string_view(script.text).substr(0, offset);
  throw bad_line("unknown_placeholder", script.file, script.line + count_line_ends(before),
                 "no value is given for the placeholder \"" + std::string(name) + "\"",
                 "add -x " + std::string(name) + "=VALUE");
}

void replace(Script& script, const Values& values, std::string_view opening, Matcher match) {
  const std::string_view text = script.text;
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find(opening); at != text.npos; at = text.find(opening, at + 1)) {
    const std::optional<Found> found = match(text.substr(at));
    if (!found) continue;
    out += text.substr(done, at - done);
    out += value_of(found->name, script, at, values);
    done = at + found->length;
    at = done - 1;
  }
  out += text.substr(done);
  script.text = std::move(out);
}

}  // namespace

void replace_dollar_names(Script& script, const Values& values) {
  replace(script, values, "${", match_dollar_name);
}

void replace_template_names(Script& script, const Values& values) {
  replace(script, values, "{{", match_template_name);
}

}  // namespace steward::importer
