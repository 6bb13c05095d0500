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

// Partitions that have it enabled otherwise; what is said of the whole is said of them as well.
void enable_in_partitions(Builder& builder, const Fact* from, const Fact& to) {
  static const Json none = Json::object();
  const bool again = from == nullptr || differs(*from, to, "enabled");
  const Json& before =
      from != nullptr && from->has("enabled_in") ? from->value("enabled_in") : none;
  const Json& after = to.has("enabled_in") ? to.value("enabled_in") : none;
  const auto say = [&](const std::string& partition, const std::string& verb) {
    Action action = builder.remark(
        to, "ALTER TABLE ONLY " + partition + " " + verb + " TRIGGER " + own_name(to));
    action.key += '\x02' + partition;
    action.needs.push_back("attached table " + partition);
    builder.add(std::move(action));
  };
  for (const auto& [partition, verb] : after.items())
    if (again || !before.contains(partition) || before.at(partition) != verb)
      say(partition, verb.get<std::string>());
  const std::string usual = to.has("enabled") ? to.text("enabled") : "ENABLE";
  for (const auto& [partition, verb] : before.items())
    if (!again && !after.contains(partition) && builder.to.find("table " + partition) != nullptr)
      say(partition, usual);
}

}  // namespace

bool trigger_alterable(const Fact& from, const Fact& to, const Snapshot&) {
  return differs_only_in(from, to, {"enabled", "enabled_in"});
}

void create_trigger(Builder& builder, const Fact& fact) {
  builder.add(
      builder.creation(fact, fact.text(fact.kind == "event trigger" ? "create" : "definition")));
  enable(builder, nullptr, fact);
  enable_in_partitions(builder, nullptr, fact);
  remark_new(builder, fact);
}

void alter_trigger(Builder& builder, const Fact& from, const Fact& to) {
  enable(builder, &from, to);
  enable_in_partitions(builder, &from, to);
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
