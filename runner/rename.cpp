#include "runner/rename.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "runner/diff/builder.h"
#include "runner/text.h"

namespace steward::rename {
namespace {

using diff::own_name;
using snapshot::Fact;
using snapshot::Snapshot;

// Kinds whose identity is a name in a schema, and whose ALTER takes RENAME TO.
constexpr std::array named_kinds = std::to_array<std::string_view>(
    {"table", "foreign table", "view", "materialized view", "type", "domain", "sequence", "index"});
// Those whose identity is "name ON relation".
constexpr std::array attached_kinds =
    std::to_array<std::string_view>({"constraint", "trigger", "policy", "rule"});
constexpr std::array routine_kinds =
    std::to_array<std::string_view>({"function", "procedure", "aggregate"});

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& kinds, const Fact& fact) {
  return std::find(kinds.begin(), kinds.end(), fact.kind) != kinds.end();
}

// "public.f(integer)" -> "public.f": what stands before the arguments.
std::string without_arguments(const std::string& identity) {
  bool quoted = false;
  for (std::size_t at = 0; at < identity.size(); ++at) {
    if (identity[at] == '"') quoted = !quoted;
    if (identity[at] == '(' && !quoted) return identity.substr(0, at);
  }
  return identity;
}

std::string renamed_identity(const Fact& fact, const std::string& to) {
  const std::string own = name_alone(fact);
  if (is_one_of(attached_kinds, fact)) return to + fact.identity.substr(own.size());
  const std::size_t end = without_arguments(fact.identity).size();
  const std::size_t size = is_one_of(routine_kinds, fact) ? end : fact.identity.size();
  return fact.identity.substr(0, size - own.size()) + to + fact.identity.substr(size);
}

// What of the fact stands between ALTER and RENAME, the fact having that identity.
std::string altered(const Fact& fact, const std::string& identity) {
  if (fact.kind == "column") return "TABLE " + diff::relation(fact);
  if (fact.kind != "constraint") return diff::upper(fact.kind) + " " + identity;
  const std::string relation = diff::relation(fact);
  return relation.starts_with("DOMAIN ") ? relation : "TABLE " + relation;
}

std::string verb(const Fact& fact, const std::string& from, const std::string& to) {
  if (fact.kind == "column") return " RENAME COLUMN " + from + " TO " + to;
  if (fact.kind == "constraint") return " RENAME CONSTRAINT " + from + " TO " + to;
  return " RENAME TO " + to;
}

Error bad(const std::string& request, const std::string& why, const std::string& detail = {}) {
  return Error(Exit::usage, "bad_rename", "--rename " + request + ": " + why, detail,
               "write --rename old=new, as in task.title=name");
}

// "public.task.title" of a column, "public.task.title_check" of a constraint: how a person names
// it.
std::string dotted(const Fact& fact) {
  if (fact.kind == "function" || fact.kind == "procedure" || fact.kind == "aggregate")
    return without_arguments(fact.identity);
  if (!is_one_of(attached_kinds, fact)) return fact.identity;
  std::string relation = diff::relation(fact);
  if (relation.starts_with("DOMAIN ")) relation.erase(0, 7);
  return relation + "." + own_name(fact);
}

bool is_named(const std::string& whole, const std::string& name) {
  return whole == name || whole.ends_with("." + name);
}

// Something that can be renamed: a fact, or a part of a type's definition.
struct Thing {
  const Fact* fact;
  std::string part{};  // a label, or an attribute
  bool gone = false;

  bool is_object() const {
    return part.empty() && fact->kind != "column" && !is_one_of(attached_kinds, *fact);
  }
  std::string name() const { return fact->id + (part.empty() ? "" : "." + part); }
};

std::vector<std::string> parts_of(const Fact& type) {
  std::vector<std::string> parts;
  for (const Json& label : type.value("labels")) parts.push_back(label.get<std::string>());
  for (const Json& attribute : type.value("attributes")) parts.push_back(attribute.at("name"));
  return parts;
}

std::vector<Thing> things_named(const std::string& name, const Snapshot& schema,
                                const Snapshot& wanted) {
  std::vector<Thing> found;
  for (const auto& [id, fact] : schema.facts) {
    if (!can_rename(fact)) continue;
    const Fact* after = wanted.find(id);
    if (is_named(dotted(fact), name) || fact.identity == name)
      found.push_back({&fact, "", after == nullptr});
    for (const std::string& part : parts_of(fact)) {
      if (!is_named(fact.identity + "." + part, name)) continue;
      const std::vector<std::string> kept =
          after == nullptr ? std::vector<std::string>{} : parts_of(*after);
      found.push_back({&fact, part, std::find(kept.begin(), kept.end(), part) == kept.end()});
    }
  }
  return found;
}

// Of several: those that are gone, and of these those that are part of nothing.
void keep_likeliest(std::vector<Thing>& things) {
  const auto prefer = [&](auto which) {
    if (std::any_of(things.begin(), things.end(), which))
      std::erase_if(things, [&](const Thing& thing) { return !which(thing); });
  };
  prefer([](const Thing& thing) { return thing.gone; });
  prefer([](const Thing& thing) { return thing.is_object(); });
}

Thing find(const std::string& request, const std::string& name, const Snapshot& schema,
           const Snapshot& wanted) {
  std::vector<Thing> found = things_named(name, schema, wanted);
  if (found.empty()) throw bad(request, "nothing in the old schema has that name");
  keep_likeliest(found);
  if (found.size() == 1) return found.front();
  std::string names;
  for (const Thing& thing : found) names += (names.empty() ? "" : "\n") + thing.name();
  throw bad(request, "several things have that name", names);
}

void require_wanted(const std::string& request, const Thing& thing, const std::string& to,
                    const Snapshot& wanted) {
  const std::string id = thing.part.empty() ? renamed_id(*thing.fact, to) : thing.fact->id;
  const Fact* after = wanted.find(id);
  bool there = after != nullptr;
  if (there && !thing.part.empty()) {
    const std::vector<std::string> parts = parts_of(*after);
    there = std::find(parts.begin(), parts.end(), to) != parts.end();
  }
  if (!there)
    throw Error(Exit::usage, "bad_rename",
                "--rename " + request + ": the new schema has no " + id +
                    (thing.part.empty() ? "" : "." + to),
                "", "rename what it is in first: --rename task=todo --rename todo.title=name");
}

}  // namespace

std::string name_alone(const Fact& fact) {
  if (fact.kind == "schema") return fact.identity;
  if (fact.kind == "column" || is_one_of(attached_kinds, fact)) return own_name(fact);
  if (!is_one_of(routine_kinds, fact)) return diff::base_name(fact);
  Fact plain = fact;
  plain.identity = without_arguments(fact.identity);
  return diff::base_name(plain);
}

bool can_rename(const Fact& fact) {
  if (fact.kind == "column") return fact.has("type");
  return fact.kind == "schema" || is_one_of(named_kinds, fact) || is_one_of(attached_kinds, fact) ||
         is_one_of(routine_kinds, fact);
}

std::string renamed_id(const Fact& fact, const std::string& to) {
  return fact.kind + " " + renamed_identity(fact, to);
}

Rename of_fact(const Fact& fact, const std::string& to) {
  const std::string own = name_alone(fact);
  return {fact.id, to, "ALTER " + altered(fact, fact.identity) + verb(fact, own, to),
          "ALTER " + altered(fact, renamed_identity(fact, to)) + verb(fact, to, own)};
}

Rename of_label(const Fact& type, const std::string& label, const std::string& to) {
  const std::string alter = "ALTER TYPE " + type.identity + " RENAME VALUE ";
  const std::string before = quote_literal(label), after = quote_literal(to);
  return {"value " + before + " of type " + type.identity, after, alter + before + " TO " + after,
          alter + after + " TO " + before};
}

Rename of_attribute(const Fact& type, const std::string& name, const std::string& to) {
  const std::string alter = "ALTER TYPE " + type.identity + " RENAME ATTRIBUTE ";
  return {"attribute " + type.identity + "." + name, to, alter + name + " TO " + to + " CASCADE",
          alter + to + " TO " + name + " CASCADE"};
}

Rename resolve(const std::string& request, const Snapshot& schema, const Snapshot& wanted) {
  const std::size_t equals = request.find('=');
  if (equals == 0 || equals == request.npos || equals + 1 == request.size())
    throw bad(request, "it is not old=new");
  const std::string name = request.substr(0, equals), to = request.substr(equals + 1);
  const Thing thing = find(request, name, schema, wanted);
  require_wanted(request, thing, to, wanted);
  if (thing.part.empty()) return of_fact(*thing.fact, to);
  return thing.fact->text("form") == "enum" ? of_label(*thing.fact, thing.part, to)
                                            : of_attribute(*thing.fact, thing.part, to);
}

}  // namespace steward::rename
