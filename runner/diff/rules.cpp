#include "runner/diff/rules.h"

#include <algorithm>
#include <array>

#include "runner/diff/agreed.h"
#include "runner/diff/privileges.h"
#include "runner/diff/remarks.h"
#include "runner/text.h"

namespace steward::diff {
namespace {

bool is_remark(std::string_view attribute) {
  return attribute == "owner" || attribute == "acl" || attribute == "comment" ||
         attribute == "label" || attribute == "passed_on" || attribute == "depends_on_extension" ||
         attribute == "sequence_acl" || attribute == "sequence_passed_on";
}

// What is kept beside a fact and says nothing of it.
bool is_aside(std::string_view attribute) {
  return attribute == "position" || attribute == "acl_default" ||
         attribute == "sequence_acl_default" || attribute == "own_comment" ||
         attribute == "own_storage" || attribute == "relocatable" || attribute == "unpopulated";
}

bool remarks_only(const Fact& from, const Fact& to, const Snapshot&) {
  return differs_only_in(from, to, {});
}

void remark_alter(Builder& builder, const Fact& from, const Fact& to) {
  remark_changed(builder, from, to);
}

// Kinds that carry the statement that makes them.
void create_as_told(Builder& builder, const Fact& fact) {
  builder.add(builder.creation(fact, fact.text("create")));
  remark_new(builder, fact);
}

void create_schema(Builder& builder, const Fact& fact) {
  builder.add(builder.creation(fact, "CREATE SCHEMA " + fact.identity));
  remark_new(builder, fact);
}

bool extension_alterable(const Fact& from, const Fact& to, const Snapshot&) {
  return differs_only_in(from, to, {"version", "schema"}) &&
         (!differs(from, to, "schema") || from.flag("relocatable"));
}

void create_extension(Builder& builder, const Fact& fact) {
  Action action = builder.creation(fact, "CREATE EXTENSION " + fact.identity + " WITH SCHEMA " +
                                             fact.text("schema") + " VERSION " +
                                             quote_literal(fact.text("version")));
  action.needs.push_back("schema " + fact.text("schema"));
  action.sql = without_default_privileges(builder, action.sql);
  builder.add(std::move(action));
  remark_new(builder, fact);
}

void alter_extension(Builder& builder, const Fact& from, const Fact& to) {
  if (differs(from, to, "version"))
    builder.add(builder.remark(
        to, "ALTER EXTENSION " + to.identity + " UPDATE TO " + quote_literal(to.text("version"))));
  if (differs(from, to, "schema")) {
    Action action =
        builder.remark(to, "ALTER EXTENSION " + to.identity + " SET SCHEMA " + to.text("schema"));
    action.needs.push_back("schema " + to.text("schema"));
    action.releases.push_back("schema " + from.text("schema"));
    builder.add(std::move(action));
  }
  remark_changed(builder, from, to);
}

bool statistics_alterable(const Fact& from, const Fact& to, const Snapshot&) {
  return differs_only_in(from, to, {"target"});
}

void set_target(Builder& builder, const Fact& fact) {
  builder.add(builder.remark(fact, "ALTER STATISTICS " + fact.identity + " SET STATISTICS " +
                                       (fact.has("target") ? fact.text("target") : "-1")));
}

void create_statistics(Builder& builder, const Fact& fact) {
  create_as_told(builder, fact);
  if (fact.has("target")) set_target(builder, fact);
}

void alter_statistics(Builder& builder, const Fact& from, const Fact& to) {
  if (differs(from, to, "target")) set_target(builder, to);
  remark_changed(builder, from, to);
}

bool publication_alterable(const Fact& from, const Fact& to, const Snapshot&) {
  return differs_only_in(from, to, {"publish", "via_root", "objects"}) &&
         (from.has("objects") == to.has("objects"));
}

std::string publication_objects(const Fact& fact) {
  std::vector<std::string> objects;
  for (const Json& object : fact.value("objects")) objects.push_back(object.get<std::string>());
  return joined(objects, ", ");
}

std::string publication_options(const Fact& fact) {
  return " (publish = " + quote_literal(fact.text("publish")) +
         ", publish_via_partition_root = " + (fact.flag("via_root") ? "true" : "false") + ")";
}

void create_publication(Builder& builder, const Fact& fact) {
  std::string sql = "CREATE PUBLICATION " + fact.identity;
  if (fact.flag("all_tables")) sql += " FOR ALL TABLES";
  if (fact.has("objects")) sql += " FOR " + publication_objects(fact);
  builder.add(builder.creation(fact, sql + " WITH" + publication_options(fact)));
  remark_new(builder, fact);
}

void alter_publication(Builder& builder, const Fact& from, const Fact& to) {
  if (differs(from, to, "objects") || builder.plan.rebound.contains(to.id)) {
    Action action = builder.change(
        from, to, "ALTER PUBLICATION " + to.identity + " SET " + publication_objects(to));
    // A table that goes is in no publication any more.
    std::erase_if(action.releases, [&](const std::string& need) {
      const Fact* needed = builder.from.find(need);
      return needed != nullptr && (needed->kind == "table" ? builder.plan.goes(need)
                                                           : builder.plan.goes(needed->parent) &&
                                                                 needed->kind == "column");
    });
    builder.add(std::move(action));
  }
  if (differs(from, to, "publish") || differs(from, to, "via_root"))
    builder.add(
        builder.remark(to, "ALTER PUBLICATION " + to.identity + " SET" + publication_options(to)));
  remark_changed(builder, from, to);
}

bool foreign_alterable(const Fact& from, const Fact& to, const Snapshot&) {
  return differs_only_in(from, to,
                         {"server_options", "version", "handler", "validator", "secrets"});
}

std::string handlers(const Fact& fact) {
  std::string text;
  if (fact.has("handler")) text += " HANDLER " + fact.text("handler");
  if (fact.has("validator")) text += " VALIDATOR " + fact.text("validator");
  return text;
}

void say_secrets(Builder& builder, const Fact& fact) {
  for (const Json& option : fact.value("secrets"))
    builder.warn("the option \"" + option.get<std::string>() + "\" of " + fact.id +
                 " is a secret: set it by hand, ALTER " + target(fact) + " OPTIONS (...)");
}

void create_foreign(Builder& builder, const Fact& fact) {
  std::string sql = "CREATE " + target(fact) + handlers(fact);
  if (fact.has("server_type")) sql += " TYPE " + quote_literal(fact.text("server_type"));
  if (fact.has("version")) sql += " VERSION " + quote_literal(fact.text("version"));
  if (fact.has("wrapper")) sql += " FOREIGN DATA WRAPPER " + fact.text("wrapper");
  const std::string options = foreign_options({}, fact.value("server_options"));
  if (!options.empty()) sql += " " + options;
  builder.add(builder.creation(fact, sql));
  say_secrets(builder, fact);
  remark_new(builder, fact);
}

void alter_foreign(Builder& builder, const Fact& from, const Fact& to) {
  std::string sql;
  if (differs(from, to, "version"))
    sql += " VERSION " + (to.has("version") ? quote_literal(to.text("version")) : "NULL");
  if (differs(from, to, "handler"))
    sql += to.has("handler") ? " HANDLER " + to.text("handler") : " NO HANDLER";
  if (differs(from, to, "validator"))
    sql += to.has("validator") ? " VALIDATOR " + to.text("validator") : " NO VALIDATOR";
  const std::string options =
      foreign_options(from.value("server_options"), to.value("server_options"));
  if (!options.empty()) sql += " " + options;
  if (!sql.empty()) builder.add(builder.change(from, to, "ALTER " + target(to) + sql));
  if (differs(from, to, "secrets")) say_secrets(builder, to);
  remark_changed(builder, from, to);
}

// The server does not take its mappings along.
void drop_user_mapping(Builder& builder, const Fact& fact) {
  builder.add(builder.destruction(fact, "DROP " + target(fact)));
}

bool always(const Fact&, const Fact&, const Snapshot&) {
  return true;
}

void refuse_create(Builder& builder, const Fact& fact) {
  builder.refuse(fact.id + " would have to be made");
}
void refuse_drop(Builder& builder, const Fact& fact) {
  builder.refuse(fact.id + " would have to be dropped");
}
void refuse_alter(Builder& builder, const Fact&, const Fact& to) {
  builder.refuse(to.id + " would have to be changed");
}

constexpr Rule unmodelled{"", &always, &refuse_create, &refuse_drop, &refuse_alter};
constexpr Rule told{"", &remarks_only, &create_as_told, &drop_plainly, &remark_alter};

constexpr std::array rules = std::to_array<Rule>({
    {"schema", &remarks_only, &create_schema, &drop_plainly, &remark_alter},
    {"extension", &extension_alterable, &create_extension, &drop_plainly, &alter_extension},
    {"type", &type_alterable, &create_type, &drop_type, &alter_type},
    {"domain", &type_alterable, &create_type, &drop_type, &alter_type},
    {"collation", &remarks_only, &create_type, &drop_type, &remark_alter},
    {"sequence", &sequence_alterable, &create_sequence, &drop_sequence, &alter_sequence},
    {"table", &table_alterable, &create_table, &drop_table, &alter_table},
    {"foreign table", &table_alterable, &create_table, &drop_table, &alter_table},
    {"column", &column_alterable, &create_column, &drop_column, &alter_column},
    {"constraint", &constraint_alterable, &create_constraint, &drop_constraint, &alter_constraint},
    {"index", &index_alterable, &create_index, &drop_index, &alter_index},
    {"view", &view_alterable, &create_view, &drop_plainly, &alter_view},
    {"materialized view", &view_alterable, &create_view, &drop_plainly, &alter_view},
    {"function", &routine_alterable, &create_routine, &drop_routine, &alter_routine},
    {"procedure", &routine_alterable, &create_routine, &drop_plainly, &alter_routine},
    {"aggregate", &routine_alterable, &create_routine, &drop_plainly, &alter_routine},
    {"trigger", &trigger_alterable, &create_trigger, &drop_plainly, &alter_trigger},
    {"rule", &trigger_alterable, &create_trigger, &drop_plainly, &alter_trigger},
    {"event trigger", &trigger_alterable, &create_trigger, &drop_plainly, &alter_trigger},
    {"policy", &policy_alterable, &create_policy, &drop_plainly, &alter_policy},
    {"statistics", &statistics_alterable, &create_statistics, &drop_plainly, &alter_statistics},
    {"publication", &publication_alterable, &create_publication, &drop_plainly, &alter_publication},
    {"foreign data wrapper", &foreign_alterable, &create_foreign, &drop_plainly, &alter_foreign},
    {"server", &foreign_alterable, &create_foreign, &drop_plainly, &alter_foreign},
    {"collation", &remarks_only, &create_type, &drop_type, &remark_alter},
    {"user mapping", &foreign_alterable, &create_foreign, &drop_user_mapping, &alter_foreign},
    {"default privileges", &always, &create_default_privileges, &drop_default_privileges,
     &alter_default_privileges},
    {"privileges", &always, &create_initial_privileges, &drop_initial_privileges,
     &alter_initial_privileges},
});

bool same(const Json& a, const Json& b) {
  return a == b;
}

}  // namespace

const Rule& rule_of(const Fact& fact) {
  if (fact.flag("unmodelled")) return unmodelled;
  for (const Rule& rule : rules)
    if (rule.kind == fact.kind) return rule;
  return told;
}

bool differs(const Fact& from, const Fact& to, const char* attribute) {
  return !same(from.value(attribute), to.value(attribute));
}

bool differs_only_in(const Fact& from, const Fact& to,
                     std::initializer_list<std::string_view> attributes) {
  const auto allowed = [&](const std::string& name) {
    return is_remark(name) || is_aside(name) ||
           std::find(attributes.begin(), attributes.end(), name) != attributes.end();
  };
  for (const auto& [name, value] : from.definition.items())
    if (!allowed(name) && !same(value, to.value(name.c_str()))) return false;
  for (const auto& [name, value] : to.definition.items())
    if (!allowed(name) && !from.has(name.c_str())) return false;
  return true;
}

std::string option_list(const Json& options) {
  if (!options.is_object() || options.empty()) return {};
  std::vector<std::string> list;
  for (const auto& [name, value] : options.items())
    list.push_back(name + " = " + quote_literal(value.get<std::string>()));
  return "(" + joined(list, ", ") + ")";
}

// The server appends what is set: what stands behind the first of these is set as well, so that the
// order is that of the new schema.
std::vector<std::string> option_changes(const std::string& alter, const Json& from,
                                        const Json& to) {
  static const Json none = Json::object();
  const Json &before = from.is_object() ? from : none, &after = to.is_object() ? to : none;
  std::vector<std::string> kept, reset, changes;
  for (const auto& [name, value] : before.items()) {
    if (!after.contains(name))
      reset.push_back(name);
    else if (after.at(name) == value)
      kept.push_back(name);
  }
  Json set = Json::object();
  std::size_t in_place = 0;
  for (const auto& [name, value] : after.items()) {
    if (set.empty() && in_place < kept.size() && kept[in_place] == name)
      ++in_place;
    else
      set[name] = value;
  }
  if (!set.empty()) changes.push_back(alter + " SET " + option_list(set));
  if (!reset.empty()) changes.push_back(alter + " RESET (" + joined(reset, ", ") + ")");
  return changes;
}

std::string foreign_options(const Json& from, const Json& to) {
  std::vector<std::string> list;
  const bool fresh = !from.is_object();
  if (to.is_object())
    for (const auto& [name, value] : to.items()) {
      const std::string pair =
          quote_identifier(name) + " " + quote_literal(value.get<std::string>());
      if (fresh)
        list.push_back(pair);
      else if (!from.contains(name))
        list.push_back("ADD " + pair);
      else if (from.at(name) != value)
        list.push_back("SET " + pair);
    }
  if (!fresh)
    for (const auto& [name, value] : from.items())
      if (!to.is_object() || !to.contains(name)) list.push_back("DROP " + quote_identifier(name));
  return list.empty() ? "" : "OPTIONS (" + joined(list, ", ") + ")";
}

void drop_plainly(Builder& builder, const Fact& fact) {
  if (builder.goes_with_parent(fact)) return;
  Action action = builder.destruction(fact, "DROP " + target(fact));
  if (fact.kind == "function" || fact.kind == "procedure")
    for (const std::string& need : fact.needs)
      if (need.starts_with("table ")) action.destroys.push_back(rows_of(need));
  for (const Fact* part : builder.parts(builder.from, fact.id))
    if (fact.kind != "schema" && fact.kind != "server") {
      append(action.destroys, names_taken(*part));
      action.destroys.push_back(part->id);
      append(action.releases, part->needs);
    }
  for (const std::string& gone : std::vector<std::string>(action.destroys))
    std::erase(action.releases, gone);
  if (fact.kind == "materialized view") action.loss.clear();
  builder.add(std::move(action));
}

}  // namespace steward::diff
