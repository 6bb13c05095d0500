#include "runner/spec/describe.h"

#include <algorithm>
#include <set>

#include "runner/diff.h"
#include "runner/spec/relation.h"
#include "runner/text.h"

namespace steward::spec {
namespace {

// A page for each relation, named after it; never two that a file system could take for one.
class Files {
 public:
  std::string name_for(const std::string& relation) {
    std::string name;
    for (const char c : relation)
      if (c != '"') name += is_plain(c) ? c : '_';
    if (name.empty() || name[0] == '.') name = "_" + name;
    std::string chosen = name;
    for (int number = 2; !taken_.insert(lower(chosen)).second; ++number)
      chosen = name + '-' + std::to_string(number);
    return chosen + ".md";
  }

 private:
  static bool is_plain(char c) {
    return c == '_' || c == '-' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
  }
  std::set<std::string> taken_{"enums", "sql", "readme"};
};

// Statements of several lines have a block each, others share one.
std::vector<Sql> blocks_of(const diff::Script& script) {
  std::vector<Sql> blocks;
  bool open = false;
  for (const diff::Statement& statement : script.statements) {
    const bool one_line = statement.sql.find('\n') == statement.sql.npos;
    if (!open || !one_line) blocks.push_back({});
    blocks.back().text += statement.sql + ";\n";
    open = one_line;
  }
  return blocks;
}

// What has no statement goes by name.
Snapshot sayable(const Snapshot& schema, std::vector<std::string>& warnings) {
  Snapshot said = schema;
  for (const auto& [id, fact] : schema.facts)
    if (fact.flag("unmodelled")) {
      warnings.push_back(id + " is not in the spec: there is no statement for it");
      said.facts.erase(id);
    }
  return said;
}

}  // namespace

Description describe(const Snapshot& schema, const Snapshot& empty, Names names,
                     Families families) {
  Description description;
  const Snapshot said = sayable(schema, description.warnings);
  Holding holding(said, empty, names);
  Files files;
  for (const auto& [id, fact] : said.facts)
    if (std::optional<Relation> relation = describe_relation(holding, fact, families)) {
      Document page{files.name_for(relation->name)};
      page.relations.push_back(std::move(*relation));
      description.pages.push_back(std::move(page));
    }
  Document enums{"enums.md"};
  for (const auto& [id, fact] : said.facts)
    if (std::optional<Enum> one = describe_enum(holding, fact))
      enums.enums.push_back(std::move(*one));
  if (!enums.empty()) description.pages.push_back(std::move(enums));
  const diff::Script rest = diff::make(holding.held(), said);
  description.warnings.insert(description.warnings.end(), rest.warnings.begin(),
                              rest.warnings.end());
  if (!rest.empty()) {
    Document others{"sql.md"};
    others.sql = blocks_of(rest);
    description.pages.push_back(std::move(others));
  }
  return description;
}

}  // namespace steward::spec
