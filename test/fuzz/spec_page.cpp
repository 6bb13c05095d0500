// Reads any bytes as a page of a spec. Nothing crashes; an error has a place that is in the page; a
// page that is taken can be written, and what was written is read as the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "runner/error.h"
#include "runner/spec/cell.h"
#include "runner/spec/reader.h"
#include "runner/spec/statements.h"
#include "runner/spec/writer.h"
#include "runner/text.h"

namespace steward::spec {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

// What a person may write and the writer would not: it is told apart before.
bool is_canonical(const Document& document) {
  for (const Relation& relation : document.relations)
    if (!relation.purpose.empty() && !can_be_purpose(relation.purpose)) return false;
  return document.relations.size() + document.enums.size() > 0;
}

void check_page(const Document& document) {
  for (const desired::Statement& one : statements_of(document))
    require(one.place.line > 0 && one.place.line <= document.lines.size() + 1);
  if (!is_canonical(document)) return;
  const std::string text = write(document);
  require(write(read(text, "a.md")) == text);
}

}  // namespace
}  // namespace steward::spec

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace steward;
  std::string text(reinterpret_cast<const char*>(data), size);
  // Half of the inputs begin with a table, so that its sections are reached.
  if (size > 0 && data[0] % 2 == 0)
    text = "# Table t\n\n## Columns\n\n| Column | Type |\n|---|---|\n| a | b |\n" + text.substr(1);
  try {
    spec::check_page(spec::read(text, "a.md"));
  } catch (const Error& error) {
    spec::require(error.exit() == Exit::usage && error.place().has_value());
    spec::require(Utf8Check().feed(error.place()->excerpt));
    spec::require(Utf8Check().feed(error.what()));
  }
  return 0;
}
