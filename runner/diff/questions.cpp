#include "runner/diff/questions.h"

#include <algorithm>
#include <map>
#include <memory>

#include "runner/diff/family.h"
#include "runner/diff/held.h"
#include "runner/diff/rules.h"

namespace steward::diff {
namespace {

// What values are of, or are ordered by.
bool is_type(const Fact& fact) {
  return fact.kind == "type" || fact.kind == "domain" || fact.kind == "collation";
}

// A column's type or collation changes: what was compiled against it must make way. The server
// rebuilds indexes and constraints by itself.
Fate fate_under_retype(const Fact& dependent) {
  static const std::vector<std::string> compiled = {"view",      "materialized view", "rule",
                                                    "policy",    "trigger",           "function",
                                                    "procedure", "publication"};
  if (std::find(compiled.begin(), compiled.end(), dependent.kind) != compiled.end())
    return Fate::replaced;
  if (dependent.kind == "column") return dependent.has("generated") ? Fate::replaced : Fate::stays;
  if (dependent.kind == "constraint" && dependent.text("type") == "foreign key")
    return Fate::replaced;
  return Fate::stays;
}

Fate fate_of_column(const Fact& column, const Fact& needed) {
  if (is_type(needed) || holds_rows_of(column, needed)) return Fate::retyped;
  if (needed.kind == "extension" || needed.kind == "schema") return Fate::stays;
  if (column.has("generated")) return Fate::replaced;
  return column.has("default") ? Fate::rebound : Fate::stays;
}

// What a table needs besides types is in its partition key.
bool in_partition_key(const Fact& table, const Fact& needed) {
  return table.has("partition_by") && !is_type(needed) && needed.kind != "column";
}

Fate fate_when_gone(const Fact& dependent, const Fact& needed) {
  if (needed.kind == "schema" || needed.kind == "extension") return Fate::stays;
  if (dependent.kind == "column") return fate_of_column(dependent, needed);
  if (dependent.kind == "foreign table" && needed.kind == "server") return Fate::replaced;
  if (dependent.kind == "table" || dependent.kind == "foreign table") {
    if (needed.kind == "table" || needed.kind == "foreign table") return Fate::rebound;
    return in_partition_key(dependent, needed) ? Fate::replaced : Fate::stays;
  }
  if (dependent.kind == "sequence" || dependent.kind == "publication") return Fate::rebound;
  // What only the default of a domain needs.
  if (dependent.kind == "domain" && dependent.has("default") && !is_type(needed))
    return Fate::rebound;
  if (dependent.kind == "extension" || dependent.kind == "schema" ||
      dependent.kind == "default privileges")
    return Fate::stays;
  return Fate::replaced;
}

// The server changes no type of a column that partitions go by: then the table is made again.
bool key_retyped(const Snapshot& from, const Snapshot& to, const Fact& table) {
  const std::string key = table.text("partition_by");
  for (auto at = from.facts.lower_bound("column " + table.identity + ".");
       !key.empty() && at != from.facts.end() && at->second.parent == table.id; ++at) {
    const Fact* after = to.find(at->first);
    if (after == nullptr || key.find(own_name(*after)) == key.npos) continue;
    if (differs(at->second, *after, "type") || differs(at->second, *after, "collation"))
      return true;
    for (const std::string& need : after->needs)
      if (const Fact* a = from.find(need), *b = to.find(need);
          a != nullptr && b != nullptr && (is_type(*b) || b->kind == "collation") &&
          a->hash != b->hash && !rule_of(*b).alterable(*a, *b, to))
        return true;
  }
  return false;
}

// The server checks no values of a domain inside of arrays, rows and ranges: what they should all
// pass it refuses there.
class Boxed {
 public:
  Boxed(const Snapshot& from, const Snapshot& to) : before_(from), after_(to) {}
  bool operator()(const std::string& domain) const {
    return before_.inside(domain) && after_.inside(domain);
  }

 private:
  Held before_, after_;
};

bool is_check_of_all(const Fact& part) {
  return part.kind == "constraint" && part.parent.starts_with("domain ") &&
         !part.text("definition").ends_with(" NOT VALID");
}

bool asks_for_more(const Snapshot& from, const Snapshot& to, const Fact& before,
                   const Fact& after) {
  if (after.flag("not_null") && !before.flag("not_null")) return true;
  return std::any_of(to.facts.begin(), to.facts.end(), [&](const auto& entry) {
    const Fact& part = entry.second;
    const Fact* old = part.parent == after.id ? from.find(part.id) : nullptr;
    return old != nullptr && is_check_of_all(part) && !is_check_of_all(*old);
  });
}

// What columns of both schemas can be cast from and to.
Snapshot known_types(const Snapshot& from, const Snapshot& to) {
  Snapshot known;
  known.casts = to.casts;
  known.casts.insert(from.casts.begin(), from.casts.end());
  for (const Snapshot* schema : {&to, &from})
    for (auto at = schema->facts.lower_bound("domain ");
         at != schema->facts.end() && at->second.kind == "domain"; ++at)
      known.facts.insert(*at);
  return known;
}

// The columns of a table in their order, by name.
std::vector<std::string> columns_of(const Snapshot& snapshot, const Fact& table) {
  std::map<int, std::string> columns;
  for (auto at = snapshot.facts.lower_bound("column " + table.identity + ".");
       at != snapshot.facts.end() && at->second.kind == "column"; ++at)
    if (at->second.parent == table.id)
      columns.emplace(at->second.value("position").get<int>(), own_name(at->second));
    else if (!at->first.starts_with("column " + table.identity + "."))
      break;
  std::vector<std::string> names;
  for (const auto& [position, name] : columns) names.push_back(name);
  return names;
}

// The columns of a typed table stand as in its type: it is made again where they would not, though
// it was none before.
bool disordered(const Snapshot& from, const Snapshot& to, const Fact& table, const Fact& after) {
  if (!after.has("of_type")) return false;
  const auto before = columns_of(from, table), wanted = columns_of(to, after);
  std::vector<std::string> reached;
  for (const std::string& name : before)
    if (std::find(wanted.begin(), wanted.end(), name) != wanted.end()) reached.push_back(name);
  return !std::equal(reached.begin(), reached.end(), wanted.begin());
}

// What is known of the families on both sides while the schemas are compared.
struct Kinship {
  Kinship(const Snapshot& old_schema, const Snapshot& new_schema)
      : from(old_schema), to(new_schema), after(new_schema) {}
  const Snapshot& from;
  const Snapshot& to;
  Families after;

  bool was_child(const std::string& table, const std::string& parent) const {
    const Fact *a = from.find(table), *b = to.find(table);
    const auto parents = parents_of(from, table);
    return a != nullptr && a->value("bound") == b->value("bound") &&
           std::find(parents.begin(), parents.end(), parent) != parents.end();
  }

  // An index that not all partitions have a part of, where one comes that is to have none: whatever
  // is attached is given its part.
  bool would_be_given(const Fact& whole, const Fact& wanted) const {
    if (!wanted.flag("invalid")) return false;
    for (const Fact* child : after.children(whole.parent))
      if (!was_child(child->id, whole.parent) && !has_part(*child, wanted)) return true;
    return false;
  }
  bool has_part(const Fact& table, const Fact& whole) const {
    return std::any_of(to.facts.begin(), to.facts.end(), [&](const auto& entry) {
      return entry.second.parent == table.id && entry.second.text("attached_to") == whole.id;
    });
  }

  // A check that a child is to have from here alone, and has as its own: no statement takes that
  // from it, but both can go and the parent's come again.
  bool comes_from_here_alone(const Fact& check) const {
    if (check.kind != "constraint" || !passes_on(to, check)) return false;
    for (const Fact* child : after.descendants(check.parent)) {
      const std::string own = "constraint " + own_name(check) + " ON " + child->identity;
      const Fact* before = from.find(child->id);
      if (before == nullptr || is_partition(*child) || to.find(own) != nullptr) continue;
      if (from.find(own) != nullptr || !descends(*before, check.parent)) return true;
    }
    return false;
  }
  bool descends(const Fact& table, const std::string& ancestor) const {
    for (const std::string& parent : parents_of(from, table.id))
      if (parent == ancestor || descends(*from.find(parent), ancestor)) return true;
    return false;
  }

  bool outgrown(const Fact& a, const Fact& b) const {
    if (a.kind == "table") return key_retyped(from, to, a) || disordered(from, to, a, b);
    return would_be_given(a, b) || comes_from_here_alone(b);
  }
};

// A routine whose body the server keeps parsed, the rows of its arguments with it.
bool is_parsed(const Fact& routine) {
  return (routine.kind == "function" || routine.kind == "procedure") && !routine.has("body") &&
         routine.text("definition").find("\n LANGUAGE sql") != std::string::npos;
}

// A column that ADD COLUMN may have to compute for each row.
bool is_filled(const Fact& column) {
  return column.has("default") || column.has("generated") || column.has("identity") ||
         std::any_of(column.needs.begin(), column.needs.end(),
                     [](const std::string& need) { return need.starts_with("domain "); });
}

}  // namespace

Questions questions(const Snapshot& from, const Snapshot& to, const std::set<std::string>& forced) {
  const auto known = std::make_shared<Snapshot>(known_types(from, to));
  const auto boxed = std::make_shared<Boxed>(from, to);
  const auto kinship = std::make_shared<Kinship>(from, to);
  return {
      [&, known](const Fact& a, const Fact& b) {
        return rule_of(b).alterable(a, b, b.kind == "column" ? *known : to);
      },
      [&, boxed, kinship](const Fact& a, const Fact& b) {
        if (forced.contains(a.id)) return true;
        if (a.kind == "domain") return (*boxed)(a.id) && asks_for_more(from, to, a, b);
        return kinship->outgrown(a, b);
      },
      [boxed](const Fact& part) { return is_check_of_all(part) && (*boxed)(part.parent); },
      [](const Fact& part) { return part.kind == "column" && part.has("type") && is_filled(part); },
      [](const Fact& dependent) { return is_parsed(dependent); },
      [](const Fact& a, const Fact& b) {
        return a.kind == "column" && (differs(a, b, "type") || differs(a, b, "collation"));
      },
      [](const Fact& dependent, const Fact& needed, bool gone) {
        return gone ? fate_when_gone(dependent, needed) : fate_under_retype(dependent);
      },
  };
}

}  // namespace steward::diff
