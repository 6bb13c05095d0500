#include "runner/diff/remarks.h"
#include "runner/diff/rules.h"

namespace steward::diff {
namespace {

std::string table_kind(const Fact& fact) {
  return fact.parent.starts_with("foreign table ") ? "FOREIGN TABLE " : "TABLE ";
}

void enable(Builder& builder, const Fact* from, const Fact& to) {
  const std::string before = from == nullptr ? "" : from->text("enabled"),
                    after = to.text("enabled");
  if (before == after) return;
  const std::string verb = after.empty() ? "ENABLE" : after;
  builder.add(builder.remark(to, to.kind == "event trigger"
                                     ? "ALTER EVENT TRIGGER " + to.identity + " " + verb
                                     : "ALTER " + table_kind(to) + relation(to) + " " + verb + " " +
                                           upper(to.kind) + " " + own_name(to)));
}

std::string role_list(const Fact& fact) {
  std::vector<std::string> roles;
  for (const Json& role : fact.value("roles")) roles.push_back(role.get<std::string>());
  return joined(roles, ", ");
}

std::string conditions(const Fact& fact) {
  std::string text;
  if (fact.has("using")) text += " USING (" + fact.text("using") + ")";
  if (fact.has("check")) text += " WITH CHECK (" + fact.text("check") + ")";
  return text;
}

}  // namespace

bool trigger_alterable(const Fact& from, const Fact& to, const Snapshot&) {
  return differs_only_in(from, to, {"enabled"});
}

void create_trigger(Builder& builder, const Fact& fact) {
  builder.add(
      builder.creation(fact, fact.text(fact.kind == "event trigger" ? "create" : "definition")));
  enable(builder, nullptr, fact);
  remark_new(builder, fact);
}

void alter_trigger(Builder& builder, const Fact& from, const Fact& to) {
  enable(builder, &from, to);
  remark_changed(builder, from, to);
}

// ALTER POLICY can change a condition and take none away.
bool policy_alterable(const Fact& from, const Fact& to, const Snapshot&) {
  return differs_only_in(from, to, {"roles", "using", "check"}) &&
         (to.has("using") || !from.has("using")) && (to.has("check") || !from.has("check"));
}

void create_policy(Builder& builder, const Fact& fact) {
  std::string sql = "CREATE " + target(fact);
  if (fact.flag("restrictive")) sql += " AS RESTRICTIVE";
  if (fact.text("command") != "ALL") sql += " FOR " + fact.text("command");
  builder.add(builder.creation(fact, sql + " TO " + role_list(fact) + conditions(fact)));
  remark_new(builder, fact);
}

void alter_policy(Builder& builder, const Fact& from, const Fact& to) {
  std::string sql;
  if (differs(from, to, "roles")) sql += " TO " + role_list(to);
  if (differs(from, to, "using") || differs(from, to, "check")) sql += conditions(to);
  if (!sql.empty()) builder.add(builder.change(from, to, "ALTER " + target(to) + sql));
  remark_changed(builder, from, to);
}

}  // namespace steward::diff
