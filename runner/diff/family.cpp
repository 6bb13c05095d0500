#include "runner/diff/family.h"

#include <algorithm>

namespace steward::diff {
namespace {

const std::vector<const Fact*> no_children;

}  // namespace

Families::Families(const Snapshot& snapshot) {
  const auto consider = [&](std::string_view kind) {
    for (auto at = snapshot.facts.lower_bound(std::string(kind));
         at != snapshot.facts.end() && at->first.starts_with(kind); ++at)
      for (const std::string& parent : parents_of(snapshot, at->first))
        children_[parent].push_back(&at->second);
  };
  consider("table ");
  consider("foreign table ");
}

const std::vector<const Fact*>& Families::children(const std::string& table) const {
  const auto found = children_.find(table);
  return found == children_.end() ? no_children : found->second;
}

std::vector<const Fact*> Families::descendants(const std::string& table) const {
  std::vector<const Fact*> found = children(table);
  for (std::size_t at = 0; at < found.size(); ++at)
    for (const Fact* child : children(found[at]->id))
      if (std::find(found.begin(), found.end(), child) == found.end()) found.push_back(child);
  return found;
}

const Fact* table_named(const Snapshot& snapshot, const std::string& identity) {
  const Fact* table = snapshot.find("table " + identity);
  return table != nullptr ? table : snapshot.find("foreign table " + identity);
}

std::vector<std::string> parents_of(const Snapshot& snapshot, const std::string& table) {
  std::vector<std::string> parents;
  const Fact* fact = snapshot.find(table);
  if (fact == nullptr || !fact->has("inherits")) return parents;
  for (const Json& name : fact->value("inherits"))
    if (const Fact* parent = table_named(snapshot, name.get<std::string>()))
      parents.push_back(parent->id);
  return parents;
}

bool is_partition(const Fact& table) {
  return table.has("bound");
}

}  // namespace steward::diff
