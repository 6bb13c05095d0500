#include "runner/rename.h"

#include <algorithm>
#include <array>

#include "runner/diff/builder.h"

namespace steward::rename {
namespace {

using snapshot::Fact;

constexpr std::array kinds = {"table", "foreign table", "view",     "materialized view",
                              "type",  "domain",        "sequence", "index",
                              "column"};

bool is_named(const Fact& fact, const std::string& name) {
  if (std::find(kinds.begin(), kinds.end(), fact.kind) == kinds.end()) return false;
  return fact.identity == name || fact.identity.ends_with("." + name);
}

Error bad(const std::string& request, const std::string& why, const std::string& detail = {}) {
  return Error(Exit::usage, "bad_rename", "--rename " + request + ": " + why, detail,
               "write --rename old=new, as in task.title=name");
}

const Fact& find(const std::string& request, const std::string& name,
                 const snapshot::Snapshot& schema) {
  std::vector<const Fact*> found;
  for (const auto& [id, fact] : schema.facts)
    if (is_named(fact, name)) found.push_back(&fact);
  if (found.empty()) throw bad(request, "nothing in the old schema has that name");
  if (found.size() > 1) {
    std::string names;
    for (const Fact* fact : found) names += (names.empty() ? "" : "\n") + fact->id;
    throw bad(request, "several things have that name", names);
  }
  return *found.front();
}

}  // namespace

Rename resolve(const std::string& request, const snapshot::Snapshot& schema) {
  const std::size_t equals = request.find('=');
  if (equals == 0 || equals == request.npos || equals + 1 == request.size())
    throw bad(request, "it is not old=new");
  const std::string name = request.substr(0, equals), to = request.substr(equals + 1);
  const Fact& fact = find(request, name, schema);
  if (fact.kind == "column") {
    const std::string alter = "ALTER TABLE " + diff::relation(fact) + " RENAME COLUMN ";
    const std::string own = diff::own_name(fact);
    return {alter + own + " TO " + to, alter + to + " TO " + own};
  }
  const std::string own = diff::base_name(fact);
  const std::string schema_part = fact.identity.substr(0, fact.identity.size() - own.size());
  const std::string alter = "ALTER " + diff::upper(fact.kind) + " ";
  return {alter + fact.identity + " RENAME TO " + to,
          alter + schema_part + to + " RENAME TO " + own};
}

}  // namespace steward::rename
