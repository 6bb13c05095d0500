#include "runner/import/checksum.h"
#include "runner/import/files.h"
#include "runner/import/formats.h"
#include "runner/import/pairs.h"
#include "runner/import/version.h"

namespace steward::importer {
namespace {

// <version>_<description>.sql, .up.sql or .down.sql
std::optional<FileName> parse_name(std::string_view name) {
  const std::optional<Stem> stem = stem_of(name);
  if (!stem) return std::nullopt;
  const std::string_view digits = leading_digits(stem->text);
  const std::string_view rest = stem->text.substr(digits.size());
  if (digits.empty() || !rest.starts_with('_')) return std::nullopt;
  return FileName{without_zeros(digits), std::string(digits), words_of(rest), stem->direction};
}

// The tool looks at the first bytes of the file, and at nothing else.
void read_first_line(Script& script) {
  script.transaction = !script.text.starts_with("-- no-transaction");
}

}  // namespace

History read_sqlx(const std::filesystem::path& directory) {
  History history = read_pairs(Tool::sqlx, directory, parse_name);
  for (Revision& revision : history.revisions) {
    revision.checksum = sha384(read_bytes(revision.upgrade.file));
    read_first_line(revision.upgrade);
    if (revision.downgrade) read_first_line(*revision.downgrade);
  }
  return history;
}

}  // namespace steward::importer
