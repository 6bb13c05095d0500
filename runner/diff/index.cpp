#include <algorithm>

#include "runner/diff/remarks.h"
#include "runner/diff/rules.h"

namespace steward::diff {
namespace {

std::vector<const Fact*> attached(const Builder& builder, const Snapshot& snapshot,
                                  const Fact& fact) {
  std::vector<const Fact*> found;
  for (const Fact* child : builder.children(snapshot, fact.parent))
    for (const Fact* part : builder.parts(snapshot, child->id))
      if (part->text("attached_to") == fact.id) found.push_back(part);
  return found;
}

// What is the same in two indexes of a table but for their names.
std::string shape(const Fact& fact) {
  const std::string text = fact.text("definition");
  const std::size_t at = text.find(" USING ");
  return (text.starts_with("CREATE UNIQUE") ? "unique" : "") +
         (at == text.npos ? text : text.substr(at));
}

// Whether the server could take another index of the part's table in its place.
bool has_rival(const Builder& builder, const Fact& part) {
  for (const Fact* other : builder.parts(builder.to, part.parent))
    if (other->id != part.id && other->kind == part.kind && shape(*other) == shape(part) &&
        (!other->has("attached_to") || builder.plan.comes(other->text("attached_to"))))
      return true;
  return false;
}

// ATTACH PARTITION of the table gives the first of equal indexes to the first of the whole ones.
bool goes_first(const Builder& builder, const Fact& part, const Fact& other) {
  if (part.has("attached_to") != other.has("attached_to")) return part.has("attached_to");
  const auto place = [&](const Fact& of) {
    const Json& position = builder.to.find(of.text("attached_to"))->value("position");
    return position.is_number() ? position.get<int>() : 0;
  };
  return part.has("attached_to") && place(part) < place(other);
}

// Whether the server finds the part by itself, where there may be another like it.
bool is_found(const Builder& builder, const Fact& part) {
  if (!part.has("attached_to")) return false;
  const Fact* whole = builder.to.find(part.text("attached_to"));
  if (builder.plan.comes(whole->id)) return !made_alone(builder, *whole);
  return !ties_of(builder, part.parent).tied.empty();
}

void keep_pairs(Builder& builder, Action& action, const Fact& fact) {
  for (const Fact* other : builder.parts(builder.to, fact.parent)) {
    if (other->id == fact.id || other->kind != "index" || shape(*other) != shape(fact)) continue;
    if (goes_first(builder, *other, fact))
      action.needs.push_back(other->id);
    else if (is_found(builder, fact) && !builder.plan.comes(other->id))
      builder.warn(fact.id + " is equal to " + other->id +
                   ", which is older: the server may take the one for the other as a part of " +
                   fact.text("attached_to"));
  }
}

// A partitioned index is made on all partitions at once, unless it is made alone.
std::string definition(const Builder& builder, const Fact& fact) {
  std::string text = fact.text("definition");
  static constexpr std::string_view index = " INDEX ", only = " ON ONLY ";
  const std::size_t at = text.find(only, text.find(index) + index.size() + base_name(fact).size());
  if (fact.flag("partitioned") && !made_alone(builder, fact) && at != text.npos)
    text.replace(at, only.size(), " ON ");
  return text;
}

void set_statistics(Builder& builder, const Json& from, const Fact& to) {
  const Json& after = to.value("statistics");
  const auto say = [&](const std::string& column, const std::string& target) {
    builder.add(builder.remark(to, "ALTER INDEX " + to.identity + " ALTER COLUMN " + column +
                                       " SET STATISTICS " + target));
  };
  if (from.is_object())
    for (const auto& [column, target] : from.items())
      if (!after.is_object() || !after.contains(column)) say(column, "-1");
  if (after.is_object())
    for (const auto& [column, target] : after.items())
      if (!from.is_object() || !from.contains(column) || from.at(column) != target)
        say(column, target.dump());
}

}  // namespace

bool index_alterable(const Fact& from, const Fact& to, const Snapshot&) {
  if (from.has("attached_to") && differs(from, to, "attached_to")) return false;
  if (!to.flag("partitioned") && differs(from, to, "invalid")) return false;
  return differs_only_in(
      from, to,
      {"clustered", "replica_identity", "statistics", "attached_to", "invalid", "tablespace"});
}

bool made_alone(const Builder& builder, const Fact& whole) {
  if (whole.flag("invalid")) return true;
  if (whole.kind != "index") return false;
  const auto parts = attached(builder, builder.to, whole);
  // A foreign partition has no part: the server takes an index with such a gap for valid only where
  // it made it itself.
  return parts.size() == builder.children(builder.to, whole.parent).size() &&
         std::any_of(parts.begin(), parts.end(),
                     [&](const Fact* part) { return has_rival(builder, *part); });
}

void make_whole(const Builder& builder, Action& action, const Fact& whole) {
  if (made_alone(builder, whole)) {
    for (const Fact* child : builder.children(builder.to, whole.parent))
      action.needs.push_back("attached " + child->id);
    return;
  }
  for (const Fact* part : attached(builder, builder.to, whole)) action.needs.push_back(part->id);
}

void attach_index(Builder& builder, const Fact& fact, const std::string& index) {
  if (!fact.has("attached_to")) return;
  const Fact* whole = builder.to.find(fact.text("attached_to"));
  const bool comes = builder.plan.comes(whole->id);
  if (comes ? !made_alone(builder, *whole)
            : builder.plan.comes(fact.parent) || !ties_of(builder, fact.parent).tied.empty())
    return;  // the making of the whole, or ATTACH PARTITION of the table, finds it
  const std::string name = whole->has("index") ? whole->text("index") : whole->identity;
  Action action = builder.remark(fact, "ALTER INDEX " + name + " ATTACH PARTITION " + index);
  action.needs.push_back(whole->id);
  action.needs.push_back("attached " + fact.parent);
  builder.add(std::move(action));
}

void mark_index(Builder& builder, const Fact& fact, const std::string& index, const Fact* before) {
  const std::string alter =
      "ALTER TABLE " +
      fact.parent.substr(fact.parent.find("table ") == 0 ? 6 : fact.parent.rfind("view ") + 5);
  const auto say = [&](const char* attribute, const std::string& sql, const std::string& end) {
    const bool had = before != nullptr && before->flag(attribute);
    if (had == fact.flag(attribute)) return;
    if (fact.flag(attribute)) builder.add(builder.remark(fact, alter + sql));
    if (!fact.flag(attribute) && !end.empty()) {
      for (const Fact* part : builder.parts(builder.to, fact.parent))
        if (part->flag(attribute)) return;  // another one took its place
      if (const Fact* table = builder.to.find(fact.parent);
          std::string_view(attribute) == "replica_identity" && table->has(attribute))
        return;
      builder.add(builder.remark(fact, alter + end));
    }
  };
  say("clustered", " CLUSTER ON " + index, " SET WITHOUT CLUSTER");
  say("replica_identity", " REPLICA IDENTITY USING INDEX " + index, " REPLICA IDENTITY DEFAULT");
}

void create_index(Builder& builder, const Fact& fact) {
  std::string sql = definition(builder, fact);
  if (fact.has("tablespace")) {
    const std::size_t where = sql.find(" WHERE ");
    sql.insert(where == sql.npos ? sql.size() : where, " TABLESPACE " + fact.text("tablespace"));
  }
  Action action = builder.creation(fact, sql);
  make_whole(builder, action, fact);
  keep_pairs(builder, action, fact);
  builder.add(std::move(action));
  attach_index(builder, fact, fact.identity);
  set_statistics(builder, {}, fact);
  mark_index(builder, fact, base_name(fact), nullptr);
  remark_new(builder, fact);
}

void take_parts_along(const Builder& builder, Action& action, const Fact& whole) {
  for (const Fact* part : attached(builder, builder.from, whole)) {
    const Ties ties = ties_of(builder, part->parent);
    if (std::find(ties.cut.begin(), ties.cut.end(), whole.parent) != ties.cut.end()) continue;
    append(action.destroys, names_taken(*part));
    action.destroys.push_back(part->id);
    append(action.releases, part->needs);
    take_parts_along(builder, action, *part);
  }
  for (const std::string& gone : std::vector<std::string>(action.destroys))
    std::erase(action.releases, gone);
}

void drop_index(Builder& builder, const Fact& fact) {
  if (builder.goes_with_parent(fact)) return;
  if (goes_with_whole(builder, fact)) return;
  for (const Fact* part : attached(builder, builder.from, fact))
    if (part->kind == "constraint" && goes_with_whole(builder, *part))
      builder.refuse(fact.id + " cannot be dropped while " + part->id +
                     " is a part of it: the server takes neither without the other");
  Action action = builder.destruction(fact, "DROP INDEX " + fact.identity);
  take_parts_along(builder, action, fact);
  builder.add(std::move(action));
}

void alter_index(Builder& builder, const Fact& from, const Fact& to) {
  if (!from.has("attached_to")) attach_index(builder, to, to.identity);
  if (differs(from, to, "tablespace"))
    builder.add(
        builder.remark(to, "ALTER INDEX " + to.identity + " SET TABLESPACE " +
                               (to.has("tablespace") ? to.text("tablespace") : "pg_default")));
  set_statistics(builder, from.value("statistics"), to);
  mark_index(builder, to, base_name(to), &from);
  remark_changed(builder, from, to);
}

}  // namespace steward::diff
