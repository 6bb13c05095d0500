#include "runner/spec/marks.h"

#include <iterator>

#include "runner/spec/cell.h"
#include "runner/text.h"

namespace steward::spec {
namespace {

// As the server keeps it.
std::string kept(std::string_view name) {
  if (!name.starts_with('"')) return lower(name);
  return replaced(name.substr(1, name.size() - 2), "\"\"", "\"");
}

rename::Name name_of(const std::string& written) {
  rename::Name name;
  for (const std::string_view part : split_outside_quotes(written, '.')) name.push_back(kept(part));
  if (name.size() == 1) name.insert(name.begin(), "public");
  return name;
}

}  // namespace

std::vector<rename::Mark> marks_of(const Document& document) {
  std::vector<rename::Mark> marks;
  for (const Was& one : document.marks) {
    rename::Mark mark;
    mark.object = name_of(one.object);
    mark.label = one.of == Was::Of::label;
    if (!one.part.empty()) mark.part = mark.label ? one.part : kept(one.part);
    mark.was = rename::old_name(one.was, mark.label);
    mark.file = document.file;
    mark.line = one.line;
    marks.push_back(std::move(mark));
  }
  for (const Sql& block : document.sql) {
    std::vector<rename::Mark> more = rename::marks_in(block.text, document.file, block.line);
    std::move(more.begin(), more.end(), std::back_inserter(marks));
  }
  return marks;
}

}  // namespace steward::spec
