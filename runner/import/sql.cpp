#include <algorithm>

#include "runner/import/formats.h"
#include "runner/import/pairs.h"
#include "runner/import/placeholders.h"
#include "runner/import/version.h"

namespace steward::importer {
namespace {

// 12, 1.2.3 and 2024-01-31 are numbers; their dashes are dropped, since no id may have one.
std::string_view number_at(std::string_view text) {
  std::size_t end = leading_digits(text).size();
  while (end > 0 && end + 1 < text.size() && (text[end] == '.' || text[end] == '-')) {
    const std::size_t more = leading_digits(text.substr(end + 1)).size();
    if (more == 0) break;
    end += 1 + more;
  }
  return text.substr(0, end);
}

// V0001.Name as 0001.Name: what several tools write before a number.
std::string_view without_letter(std::string_view stem) {
  const bool letter = stem.size() > 1 && (stem[0] == 'V' || stem[0] == 'v');
  return letter && !leading_digits(stem.substr(1)).empty() ? stem.substr(1) : stem;
}

std::optional<FileName> parse_name(std::string_view name) {
  const std::optional<Stem> stem = stem_of(name);
  if (!stem) return std::nullopt;
  const std::string_view text = without_letter(stem->text);
  const std::string_view number = number_at(text);
  const std::size_t rest = std::min(text.find_first_not_of("_.- ", number.size()), text.size());
  FileName parsed;
  parsed.written = number.empty() ? text : number;
  std::erase(parsed.written, '-');
  parsed.version = parsed.written;
  parsed.name = words_of(text.substr(number.empty() ? 0 : rest));
  parsed.direction = stem->direction;
  return parsed;
}

}  // namespace

History read_sql(const std::filesystem::path& directory, const Values& values) {
  History history = read_pairs(Tool::sql, directory, parse_name);
  for (Revision& revision : history.revisions) {
    replace_template_names(revision.upgrade, values);
    if (revision.downgrade) replace_template_names(*revision.downgrade, values);
  }
  return history;
}

}  // namespace steward::importer
