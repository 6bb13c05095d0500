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

// After the trigger that it is a copy of has got its own state, which reaches all copies.
constexpr int copy_rank = 74;

void set_copy(Builder& builder, const Fact& copy, const std::string& state) {
  Action action =
      builder.remark(copy, "ALTER TABLE ONLY " + relation(copy) + " " +
                               (state.empty() ? "ENABLE" : state) + " TRIGGER " + own_name(copy));
  action.rank = copy_rank;
  action.needs = {copy.parent, copy.text("copy_of")};
  builder.add(std::move(action));
}

// Those that stay as they are, which the trigger's own change reaches as well.
void set_copies_again(Builder& builder, const Fact& whole) {
  for (const auto& [id, fact] : builder.to.facts)
    if (fact.kind == "trigger" && fact.text("copy_of") == whole.id &&
        !builder.plan.altered.contains(id) && !builder.plan.comes(id))
      set_copy(builder, fact, fact.text("enabled"));
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
  if (fact.has("copy_of")) return set_copy(builder, fact, fact.text("enabled"));
  builder.add(
      builder.creation(fact, fact.text(fact.kind == "event trigger" ? "create" : "definition")));
  enable(builder, nullptr, fact);
  remark_new(builder, fact);
}

// A copy that is as its trigger again, where both stay.
void drop_trigger(Builder& builder, const Fact& fact) {
  if (!fact.has("copy_of")) return drop_plainly(builder, fact);
  const Fact* whole = builder.to.find(fact.text("copy_of"));
  const Fact* table = builder.to.find(fact.parent);
  if (whole != nullptr && table != nullptr && table->has("bound") &&
      !builder.plan.goes(whole->id) && !builder.plan.goes(table->id))
    set_copy(builder, fact, whole->text("enabled"));
}

void alter_trigger(Builder& builder, const Fact& from, const Fact& to) {
  if (to.has("copy_of")) return set_copy(builder, to, to.text("enabled"));
  if (differs(from, to, "enabled")) set_copies_again(builder, to);
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
