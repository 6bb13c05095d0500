#include "runner/diff/remarks.h"
#include "runner/diff/rules.h"

namespace steward::diff {
namespace {

// CREATE OR REPLACE VIEW may add columns at the end and change none.
bool extends(const Json& from, const Json& to) {
  if (to.size() < from.size()) return false;
  for (std::size_t at = 0; at < from.size(); ++at)
    if (from[at] != to[at]) return false;
  return true;
}

std::string creation_text(const Fact& fact, const char* verb) {
  std::string sql = verb + target(fact);
  if (fact.has("access_method")) sql += " USING " + fact.text("access_method");
  const std::string options = option_list(fact.value("options"));
  if (!options.empty()) sql += " WITH " + options;
  if (fact.has("tablespace")) sql += " TABLESPACE " + fact.text("tablespace");
  sql += " AS\n" + fact.text("query");
  if (fact.kind == "materialized view" && fact.flag("unpopulated")) sql += "\nWITH NO DATA";
  return sql;
}

}  // namespace

bool view_alterable(const Fact& from, const Fact& to, const Snapshot&) {
  if (to.kind == "materialized view")
    return differs_only_in(from, to, {"options", "unpopulated", "tablespace"});
  return differs_only_in(from, to, {"options", "query", "columns"}) &&
         extends(from.value("columns"), to.value("columns"));
}

void create_view(Builder& builder, const Fact& fact) {
  builder.add(builder.creation(fact, creation_text(fact, "CREATE ")));
  remark_new(builder, fact);
}

void alter_view(Builder& builder, const Fact& from, const Fact& to) {
  if (differs(from, to, "query") || differs(from, to, "columns")) {
    Action action = builder.change(from, to, creation_text(to, "CREATE OR REPLACE "));
    action.changes.push_back(to.id);
    std::erase(action.needs, to.id);
    builder.add(std::move(action));
  } else {
    for (const std::string& sql :
         option_changes("ALTER " + target(to), from.value("options"), to.value("options")))
      builder.add(builder.remark(to, sql));
  }
  if (differs(from, to, "tablespace"))
    builder.add(
        builder.remark(to, "ALTER " + target(to) + " SET TABLESPACE " +
                               (to.has("tablespace") ? to.text("tablespace") : "pg_default")));
  remark_changed(builder, from, to);
}

}  // namespace steward::diff
