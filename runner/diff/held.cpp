#include "runner/diff/held.h"

#include "runner/diff/cast.h"

namespace steward::diff {

using snapshot::Fact;

Held::Held(const snapshot::Snapshot& schema) : schema_(schema) {
  for (const auto& [id, fact] : schema.facts)
    if (fact.kind == "column") add(fact, fact.text("type"), false);
}

bool Held::inside(const std::string& type) const {
  const auto found = inside_.find(type);
  return found != inside_.end() && found->second;
}

// What the holder's type, as the server shows it, is made of. The name of a multirange is not that
// of its range, under which it is found.
void Held::add(const Fact& holder, const std::string& shown, bool inside) {
  for (const std::string& need : holder.needs) {
    const Fact* type = schema_.find(need);
    if (type == nullptr) continue;
    if (type->identity == bare_type(shown))
      mark(need, inside || is_array(shown));
    else if (type->text("form") == "range" || shown.empty())
      mark(need, true);
  }
}

void Held::add_columns(const std::string& relation, bool inside) {
  const Fact& whole = schema_.facts.at(relation);
  const std::string prefix = "column " + whole.identity + ".";
  for (auto at = schema_.facts.lower_bound(prefix);
       at != schema_.facts.end() && at->first.starts_with(prefix); ++at)
    add(at->second, at->second.text("type"), inside);
}

void Held::mark(const std::string& type, bool inside) {
  const auto [at, fresh] = inside_.emplace(type, inside);
  if (!fresh && (at->second || !inside)) return;
  at->second = inside;
  const Fact& fact = schema_.facts.at(type);
  if (fact.kind == "domain")
    add(fact, fact.text("type"), inside);
  else if (fact.kind == "type")
    add(fact, "", true);
  else
    add_columns(type, true);
}

bool holds_rows_of(const Fact& column, const Fact& relation) {
  return (relation.kind == "view" || relation.kind == "materialized view" ||
          relation.kind == "table" || relation.kind == "foreign table") &&
         relation.identity == bare_type(column.text("type"));
}

std::vector<std::string> row_types_of(const snapshot::Snapshot& schema,
                                      const snapshot::Fact& column) {
  std::vector<std::string> found;
  for (const std::string& need : column.needs)
    if (const snapshot::Fact* relation = schema.find(need);
        relation != nullptr && holds_rows_of(column, *relation))
      found.push_back(need);
  return found;
}

}  // namespace steward::diff
