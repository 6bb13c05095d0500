#include "runner/rename/likeness.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>

#include "runner/diff/builder.h"
#include "runner/text.h"

namespace steward::rename {
namespace {

using snapshot::Fact;
using snapshot::Snapshot;

using Facts = std::vector<const Fact*>;

// The facts of a schema, by what they are part of.
class Side {
 public:
  explicit Side(const Snapshot& all) : all_(all) {
    for (const auto& [id, fact] : all.facts)
      if (!fact.parent.empty()) parts_[fact.parent].push_back(&fact);
  }
  const Snapshot& all() const { return all_; }
  const Facts& parts(const std::string& id) const {
    const auto found = parts_.find(id);
    return found == parts_.end() ? none_ : found->second;
  }

 private:
  const Snapshot& all_;
  std::unordered_map<std::string, Facts> parts_;
  const Facts none_;
};

// What can be said of any object, where it stands, and what names only repeat.
Json essence(const Fact& fact) {
  Json definition = fact.definition;
  for (const char* aside :
       {"owner", "acl", "passed_on", "sequence_acl", "sequence_acl_default", "sequence_passed_on",
        "comment", "label", "position", "acl_default", "own_comment", "own_storage", "relocatable",
        "unpopulated", "index", "index_comment"})
    definition.erase(aside);
  if (definition.contains("sequence")) definition["sequence"].erase("name");
  if (fact.text("default").starts_with("nextval(")) definition["default"] = "nextval";
  return definition;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

// The definition without the fact's own name.
std::string plain_signature(const Side&, const Fact& fact) {
  const std::string name = Json(fact.identity).dump();  // as it stands in JSON
  return replaced(essence(fact).dump(), name.substr(1, name.size() - 2), "@");
}

std::string index_signature(const Side&, const Fact& fact) {
  return replaced(essence(fact).dump(), "INDEX " + diff::base_name(fact) + " ON", "INDEX @ ON");
}

std::string routine_signature(const Side&, const Fact& fact) {
  const std::size_t arguments = fact.identity.find('(');
  const std::string name = fact.identity.substr(0, arguments);
  return fact.identity.substr(name.size()) +
         replaced(essence(fact).dump(), " " + name + "(", " @(");
}

// A column is what its table says of it, in the words of a line.
std::string column_line(const Fact& column) {
  return diff::own_name(column) + " " + essence(column).dump();
}

std::string table_signature(const Side& side, const Fact& table) {
  std::vector<std::string> lines;
  for (const Fact* part : side.parts(table.id)) {
    if (part->kind == "column") lines.push_back(column_line(*part));
    if (part->kind == "constraint")
      lines.push_back(replaced(part->text("definition"), table.identity + "(", "@("));
  }
  std::sort(lines.begin(), lines.end());
  return lines.empty() ? "" : essence(table).dump() + joined(lines, "\n");
}

std::string type_signature(const Side& side, const Fact& type) {
  std::string text = plain_signature(side, type);
  for (const Fact* part : side.parts(type.id)) text += "\n" + part->text("definition");
  return text;
}

std::string schema_signature(const Side& side, const Fact& schema) {
  std::vector<std::string> names;
  for (const Fact* part : side.parts(schema.id))
    names.push_back(replaced(part->id, " " + schema.identity + ".", " @."));
  std::sort(names.begin(), names.end());
  return joined(names, "\n");
}

using Signature = std::string (*)(const Side&, const Fact&);

struct Kind {
  std::string_view name;
  Signature signature;
  bool any_twin;  // of several that are the same, each will do
};

constexpr Kind schemas[] = {{"schema", &schema_signature, false}};
constexpr Kind types[] = {{"type", &type_signature, false}, {"domain", &type_signature, false}};
constexpr Kind tables[] = {{"table", &table_signature, false},
                           {"foreign table", &table_signature, false}};
constexpr Kind columns[] = {{"column", &plain_signature, false}};
constexpr Kind others[] = {
    {"constraint", &plain_signature, true},         {"index", &index_signature, true},
    {"sequence", &plain_signature, false},          {"view", &plain_signature, false},
    {"materialized view", &plain_signature, false}, {"function", &routine_signature, false},
    {"procedure", &routine_signature, false},       {"policy", &plain_signature, true}};

// What a person sees as the reason.
std::string evidence(const Side& from, const Fact& fact) {
  if (fact.kind == "column")
    return "the only column that is gone, or new, of this type and definition (" +
           fact.text("type") + ")";
  std::size_t columns_count = 0, others_count = 0;
  for (const Fact* part : from.parts(fact.id))
    ++(part->kind == "column" ? columns_count : others_count);
  if (fact.kind == "schema") return "the same " + counted(others_count, "object");
  if (columns_count == 0) return "the same definition";
  return "the same " + counted(columns_count, "column") +
         (others_count == 0 ? "" : " and " + counted(others_count, "other part"));
}

// "1 other is", "2 others are".
std::string others_are(std::size_t count) {
  return counted(count, "other") + (count == 1 ? " is" : " are");
}

class Search {
 public:
  Search(const Snapshot& from, const Snapshot& to) : from_(from), to_(to) {
    for (const auto& [id, fact] : from.facts)
      if (to.find(id) == nullptr && stands(fact, to)) gone_[fact.kind].push_back(&fact);
    for (const auto& [id, fact] : to.facts)
      if (from.find(id) == nullptr && stands(fact, from)) new_[fact.kind].push_back(&fact);
  }

  // One level: schemas, types, tables, columns, the rest.
  std::vector<Likeness> level(int number) {
    switch (number) {
      case 0:
        same(schemas);
        break;
      case 1:
        same(types);
        break;
      case 2:
        same(tables);
        similar_tables();
        break;
      case 3:
        same(columns);
        similar_columns();
        labels();
        break;
      default:
        same(others);
    }
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Likeness& a, const Likeness& b) { return a.certain && !b.certain; });
    return found_;
  }

 private:
  // Whether what the fact is part of is on the other side as well; what came from a parent table
  // is that one's to rename.
  static bool stands(const Fact& fact, const Snapshot& other) {
    if (!can_rename(fact) || fact.flag("inherited")) return false;
    return fact.parent.empty() || other.find(fact.parent) != nullptr;
  }

  using Groups = std::map<std::string, std::pair<Facts, Facts>>;

  template <std::size_t Size>
  void same(const Kind (&kinds)[Size]) {
    for (const Kind& kind : kinds) {
      Groups groups;
      const std::string name(kind.name);
      for (const Fact* fact : gone_[name]) groups[key(kind, from_, *fact)].first.push_back(fact);
      for (const Fact* fact : new_[name]) groups[key(kind, to_, *fact)].second.push_back(fact);
      for (const auto& [signature, pair] : groups) pair_up(kind, pair.first, pair.second);
    }
  }

  static std::string key(const Kind& kind, const Side& side, const Fact& fact) {
    const std::string signature = kind.signature(side, fact);
    // What cannot be compared is like nothing: each under a key of its own.
    return signature.empty() ? "\n" + fact.id : fact.parent + "\n" + signature;
  }

  void pair_up(const Kind& kind, const Facts& gone, const Facts& fresh) {
    if (gone.empty() || fresh.empty()) return;
    if (gone.size() == 1 && fresh.size() == 1)
      return add(*gone.front(), *fresh.front(), evidence(from_, *gone.front()), true);
    if (kind.any_twin) {
      for (std::size_t at = 0; at < std::min(gone.size(), fresh.size()); ++at)
        add(*gone[at], *fresh[at], evidence(from_, *gone[at]), true);
      return;
    }
    for (const Fact* one : gone)
      for (const Fact* other : fresh)
        add(*one, *other,
            "of the same definition, as " + others_are(std::max(gone.size(), fresh.size()) - 1),
            false);
  }

  void add(const Fact& gone, const Fact& fresh, const std::string& why, bool certain) {
    Rename rename = of_fact(gone, name_alone(fresh));
    rename.evidence = why;
    found_.push_back({std::move(rename), certain, gone.id});
    matched_.insert(gone.id);
    matched_.insert(fresh.id);
  }

  // Tables that share at least half of their columns.
  void similar_tables() {
    for (const Fact* gone : gone_["table"])
      for (const Fact* fresh : new_["table"]) {
        if (gone->parent != fresh->parent || matched_.contains(gone->id) ||
            matched_.contains(fresh->id))
          continue;
        const auto before = lines_of(from_, *gone), after = lines_of(to_, *fresh);
        std::vector<std::string> both;
        std::set_intersection(before.begin(), before.end(), after.begin(), after.end(),
                              std::back_inserter(both));
        const std::size_t most = std::max(before.size(), after.size());
        if (!both.empty() && both.size() * 2 >= most)
          suppose(*gone, *fresh,
                  std::to_string(both.size()) + " of " + counted(most, "column") + " are the same");
      }
  }

  static std::vector<std::string> lines_of(const Side& side, const Fact& table) {
    std::vector<std::string> lines;
    for (const Fact* part : side.parts(table.id))
      if (part->kind == "column") lines.push_back(diff::own_name(*part) + " " + part->text("type"));
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  // A column went and one came: of the same type, or they are the only ones.
  void similar_columns() {
    std::map<std::string, std::pair<Facts, Facts>> by_table;
    for (const Fact* gone : gone_["column"])
      if (!matched_.contains(gone->id)) by_table[gone->parent].first.push_back(gone);
    for (const Fact* fresh : new_["column"])
      if (!matched_.contains(fresh->id)) by_table[fresh->parent].second.push_back(fresh);
    for (const auto& [table, pair] : by_table)
      for (const Fact* gone : pair.first)
        for (const Fact* fresh : pair.second) {
          const bool only = pair.first.size() == 1 && pair.second.size() == 1;
          if (gone->text("type") == fresh->text("type"))
            suppose(*gone, *fresh, "of the same type, " + gone->text("type"));
          else if (only)
            suppose(*gone, *fresh,
                    "the one column that is gone and the one that is new; the type changes from " +
                        gone->text("type") + " to " + fresh->text("type"));
        }
  }

  void suppose(const Fact& gone, const Fact& fresh, const std::string& why) {
    Rename rename = of_fact(gone, name_alone(fresh));
    rename.evidence = why;
    found_.push_back({std::move(rename), false, gone.id});
  }

  // Values of enums that are gone, with what is new in their place.
  void labels() {
    for (const auto& [id, type] : from_.all().facts) {
      const Fact* after = to_.all().find(id);
      if (after == nullptr || type.value("labels") == after->value("labels")) continue;
      const Json &old_labels = type.value("labels"), &new_labels = after->value("labels");
      if (old_labels.is_null() || old_labels.size() != new_labels.size()) continue;
      std::vector<std::size_t> places;
      for (std::size_t at = 0; at < old_labels.size(); ++at)
        if (old_labels[at] != new_labels[at]) places.push_back(at);
      for (const std::size_t at : places) label(type, old_labels, new_labels, at, places.size());
    }
  }

  void label(const Fact& type, const Json& before, const Json& after, std::size_t at,
             std::size_t changed) {
    const auto holds = [](const Json& list, const Json& one) {
      return std::find(list.begin(), list.end(), one) != list.end();
    };
    if (holds(after, before[at]) || holds(before, after[at])) return;
    Rename rename = of_label(type, before[at], after[at]);
    rename.evidence = "value " + std::to_string(at + 1) + " of " + std::to_string(before.size()) +
                      ", in the same place";
    found_.push_back({rename, changed == 1, rename.object});
  }

  Side from_, to_;
  std::map<std::string, Facts> gone_, new_;
  std::vector<Likeness> found_;
  std::set<std::string> matched_;
};

}  // namespace

std::string shape_of(const Snapshot& schema, const Fact& fact) {
  if (fact.kind == "index") return index_signature(Side(schema), fact);
  if (fact.kind != "table") return plain_signature(Side(schema), fact);
  std::vector<std::string> lines;
  for (const auto& [id, part] : schema.facts)
    if (part.parent == fact.id && part.kind == "column")
      lines.push_back(diff::own_name(part) + " " + part.text("type"));
  std::sort(lines.begin(), lines.end());
  return joined(lines, "\n");
}

std::vector<Likeness> alike(const Snapshot& from, const Snapshot& to, int level) {
  return Search(from, to).level(level);
}

}  // namespace steward::rename
