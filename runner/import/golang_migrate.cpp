#include "runner/import/formats.h"
#include "runner/import/pairs.h"
#include "runner/import/placeholders.h"
#include "runner/import/version.h"

namespace steward::importer {
namespace {

// ^([0-9]+)_(.*)\.(up|down)\.sql$
std::optional<FileName> parse_name(std::string_view name) {
  const std::optional<Stem> stem = stem_of(name);
  if (!stem || !stem->reversible) return std::nullopt;
  const std::string_view digits = leading_digits(stem->text);
  const std::string_view rest = stem->text.substr(digits.size());
  if (digits.empty() || !rest.starts_with('_')) return std::nullopt;
  return FileName{without_zeros(digits), std::string(digits), words_of(rest), stem->direction};
}

}  // namespace

History read_golang_migrate(const std::filesystem::path& directory, const Values& values) {
  History history = read_pairs(Tool::golang_migrate, directory, parse_name);
  for (Revision& revision : history.revisions) {
    replace_template_names(revision.upgrade, values);
    if (revision.downgrade) replace_template_names(*revision.downgrade, values);
  }
  return history;
}

}  // namespace steward::importer
