#include "runner/diff/remarks.h"
#include "runner/diff/rules.h"

namespace steward::diff {
namespace {

// A partitioned index is made on all partitions at once, unless it was left invalid.
std::string definition(const Fact& fact) {
  std::string text = fact.text("definition");
  static constexpr std::string_view only = " ON ONLY ";
  const std::size_t at = text.find(only);
  if (fact.flag("partitioned") && !fact.flag("invalid") && at != text.npos)
    text.replace(at, only.size(), " ON ");
  return text;
}

std::vector<const Fact*> attached(const Builder& builder, const Snapshot& snapshot,
                                  const Fact& fact) {
  std::vector<const Fact*> found;
  for (const Fact* child : children_of(snapshot, fact.parent))
    for (const Fact* part : builder.parts(snapshot, child->id))
      if (part->text("attached_to") == fact.id) found.push_back(part);
  return found;
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

void attach_index(Builder& builder, const Fact& fact, const std::string& index) {
  if (!fact.has("attached_to") || builder.plan.comes(fact.text("attached_to"))) return;
  const Fact* before = builder.from.find(fact.parent);
  const Fact* after = builder.to.find(fact.parent);
  if (before == nullptr || builder.plan.comes(fact.parent) || differs(*before, *after, "bound") ||
      differs(*before, *after, "inherits"))
    return;  // ATTACH PARTITION of the table finds it
  const Fact* whole = builder.to.find(fact.text("attached_to"));
  const std::string name = whole->has("index") ? whole->text("index") : whole->identity;
  builder.add(builder.remark(fact, "ALTER INDEX " + name + " ATTACH PARTITION " + index));
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
  std::string sql = definition(fact);
  if (fact.has("tablespace")) {
    const std::size_t where = sql.find(" WHERE ");
    sql.insert(where == sql.npos ? sql.size() : where, " TABLESPACE " + fact.text("tablespace"));
  }
  Action action = builder.creation(fact, sql);
  if (!fact.flag("invalid"))
    for (const Fact* part : attached(builder, builder.to, fact)) action.needs.push_back(part->id);
  builder.add(std::move(action));
  attach_index(builder, fact, fact.identity);
  set_statistics(builder, {}, fact);
  mark_index(builder, fact, base_name(fact), nullptr);
  remark_new(builder, fact);
}

namespace {

// A partition's index goes with the whole one, unless the partition is detached first.
bool goes_with_whole(const Builder& builder, const Fact& fact) {
  if (!fact.has("attached_to") || !builder.plan.goes(fact.text("attached_to"))) return false;
  const Fact* whole = builder.from.find(fact.text("attached_to"));
  return whole == nullptr || !builder.plan.goes(whole->parent) || builder.plan.goes(fact.parent);
}

}  // namespace

void drop_index(Builder& builder, const Fact& fact) {
  if (builder.goes_with_parent(fact)) return;
  if (goes_with_whole(builder, fact)) return;
  Action action = builder.destruction(fact, "DROP INDEX " + fact.identity);
  const auto take_along = [&](const auto& self, const Fact& index) -> void {
    for (const Fact* part : attached(builder, builder.from, index)) {
      append(action.destroys, names_taken(*part));
      action.destroys.push_back(part->id);
      append(action.releases, part->needs);
      self(self, *part);
    }
  };
  take_along(take_along, fact);
  for (const std::string& gone : std::vector<std::string>(action.destroys))
    std::erase(action.releases, gone);
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
