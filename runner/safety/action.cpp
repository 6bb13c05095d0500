#include "runner/safety/action.h"

#include <unordered_map>
#include <utility>

#include "runner/safety/expression.h"
#include "runner/safety/tree.h"

namespace steward::safety {
namespace {

using Node = const Json&;
using Actions = std::vector<Action>;

Action made(What what, std::string relation, std::string object, Node node) {
  return {what,
          plain(std::move(relation)),
          std::move(object),
          &node,
          word(node, "behavior") == "DROP_CASCADE",
          flag(node, "missing_ok")};
}

What of_command(const std::string& kind, Node command) {
  static const std::unordered_map<std::string_view, What> table{
      {"AT_AddColumn", What::add_column},
      {"AT_DropColumn", What::drop_column},
      {"AT_AlterColumnType", What::alter_type},
      {"AT_SetNotNull", What::set_not_null},
      {"AT_DropNotNull", What::drop_not_null},
      {"AT_AddIdentity", What::add_identity},
      {"AT_AddConstraint", What::add_constraint},
      {"AT_DropConstraint", What::drop_constraint},
      {"AT_ValidateConstraint", What::validate_constraint},
      {"AT_AttachPartition", What::attach_partition},
      {"AT_DetachPartition", What::detach_partition},
      {"AT_SetLogged", What::set_logged},
      {"AT_SetUnLogged", What::set_unlogged},
      {"AT_SetTableSpace", What::set_tablespace},
      {"AT_SetAccessMethod", What::set_access_method},
      {"AT_EnableRowSecurity", What::enable_row_security},
      {"AT_DisableTrig", What::disable_trigger},
      {"AT_DisableTrigAll", What::disable_trigger},
      {"AT_DisableTrigUser", What::disable_trigger}};
  if (kind == "AT_ColumnDefault")
    return command.contains("def") ? What::set_default : What::drop_default;
  const auto found = table.find(kind);
  return found == table.end() ? What::alter_table_other : found->second;
}

std::string object_of(Node command, Node definition) {
  if (!word(command, "name").empty()) return word(command, "name");
  if (definition.contains("colname")) return word(definition, "colname");
  if (definition.contains("conname")) return word(definition, "conname");
  return definition.contains("name") ? plain(name_in(definition["name"])) : std::string{};
}

Actions alter_table(Node node) {
  Actions actions;
  const bool of_table = word(node, "objtype") == "OBJECT_TABLE";
  for (Node item : list(node, "cmds")) {
    Node command = content(item);
    Node definition = content(member(command, "def"));
    const What what =
        of_table ? of_command(word(command, "subtype"), command) : What::alter_table_other;
    const bool wants_command = what == What::alter_table_other || what == What::disable_trigger ||
                               definition.empty() || what == What::set_default;
    Action action = made(what, name_in(member(node, "relation")), object_of(command, definition),
                         wants_command ? command : definition);
    action.cascade = word(command, "behavior") == "DROP_CASCADE";
    action.if_exists = flag(command, "missing_ok");
    actions.push_back(std::move(action));
  }
  return actions;
}

What of_dropped(const std::string& kind) {
  static const std::unordered_map<std::string_view, What> table{
      {"OBJECT_TABLE", What::drop_table},     {"OBJECT_VIEW", What::drop_view},
      {"OBJECT_MATVIEW", What::drop_view},    {"OBJECT_INDEX", What::drop_index},
      {"OBJECT_TRIGGER", What::drop_trigger}, {"OBJECT_SCHEMA", What::drop_schema},
      {"OBJECT_TYPE", What::drop_type},       {"OBJECT_DOMAIN", What::drop_type}};
  const auto found = table.find(kind);
  return found == table.end() ? What::drop_other : found->second;
}

std::string dropped_name(Node object, std::size_t omitted) {
  if (object.contains("String")) return word(object["String"], "sval");
  if (object.contains("TypeName")) return last_word(list(object["TypeName"], "names"));
  return name_of_list(object, omitted);
}

Actions drop(Node node) {
  const What what = of_dropped(word(node, "removeType"));
  Actions actions;
  for (Node object : list(node, "objects")) {
    const bool on_table = what == What::drop_trigger;
    const std::string name = dropped_name(object, on_table ? 1 : 0);
    const bool relation = what == What::drop_table || what == What::drop_view || on_table;
    actions.push_back(made(what, relation ? name : "",
                           on_table ? last_word(list(content(object), "items")) : plain(name),
                           node));
  }
  return actions;
}

Actions create_table(Node node) {
  const What what = node.contains("partbound") ? What::create_partition : What::create_table;
  return {made(what, name_in(member(node, "relation")), "", node)};
}

Actions of_relations(What what, Node node, const char* key) {
  Actions actions;
  for (Node relation : list(node, key)) {
    Node inner = content(relation);
    actions.push_back(
        made(what, name_in(inner.contains("relation") ? inner["relation"] : inner), "", node));
  }
  if (actions.empty()) actions.push_back(made(what, "", "", node));
  return actions;
}

template <What what>
Actions on(Node node) {
  return {made(what, name_in(member(node, "relation")), "", node)};
}

template <What what>
Actions on_listed(Node node) {
  return of_relations(what, node, "relations");
}

template <What what>
Actions bare(Node node) {
  return {made(what, "", "", node)};
}

Actions create_index(Node node) {
  return {made(What::create_index, name_in(member(node, "relation")), word(node, "idxname"), node)};
}
Actions create_trigger(Node node) {
  return {
      made(What::create_trigger, name_in(member(node, "relation")), word(node, "trigname"), node)};
}
Actions create_policy(Node node) {
  return {
      made(What::create_policy, name_in(member(node, "table")), word(node, "policy_name"), node)};
}
Actions create_view(Node node) {
  return {made(What::create_view, name_in(member(node, "view")), "", node)};
}
Actions create_table_as(Node node) {
  return {made(What::create_table_as, name_in(member(member(node, "into"), "rel")), "", node)};
}
Actions create_domain(Node node) {
  return {made(What::create_domain, "", last_word(list(node, "domainname")), node)};
}
Actions create_enum(Node node) {
  return {made(What::create_enum, "", last_word(list(node, "typeName")), node)};
}
Actions create_function(Node node) {
  return {made(What::create_function, "", last_word(list(node, "funcname")), node)};
}
Actions alter_domain(Node node) {
  return {made(What::alter_domain, "", last_word(list(node, "typeName")), node)};
}
Actions alter_enum(Node node) {
  const What what = node.contains("oldVal") ? What::enum_rename_value : What::enum_add_value;
  return {made(what, "", last_word(list(node, "typeName")), node)};
}
Actions drop_database(Node node) {
  return {made(What::drop_database, "", word(node, "dbname"), node)};
}
Actions alter_sequence(Node node) {
  return {made(What::alter_sequence, name_in(member(node, "sequence")), "", node)};
}
Actions rename(Node node) {
  if (word(node, "renameType") == "OBJECT_TYPE")
    return {
        made(What::rename, "", last_word(list(content(member(node, "object")), "items")), node)};
  return {made(What::rename, name_in(member(node, "relation")), word(node, "subname"), node)};
}
Actions vacuum(Node node) {
  return of_relations(flag(node, "is_vacuumcmd") ? What::vacuum : What::analyze, node, "rels");
}
Actions copy(Node node) {
  return {made(flag(node, "is_from") ? What::copy_in : What::select,
               name_in(member(node, "relation")), "", node)};
}
Actions set_variable(Node node) {
  return {made(What::set_variable, "", word(node, "name"), node)};
}

using Reader = Actions (*)(Node);

const std::unordered_map<std::string_view, Reader>& readers() {
  static const std::unordered_map<std::string_view, Reader> table{
      {"AlterTableStmt", &alter_table},
      {"DropStmt", &drop},
      {"CreateStmt", &create_table},
      {"CreateTableAsStmt", &create_table_as},
      {"ViewStmt", &create_view},
      {"IndexStmt", &create_index},
      {"CreateTrigStmt", &create_trigger},
      {"CreatePolicyStmt", &create_policy},
      {"CreateDomainStmt", &create_domain},
      {"CreateEnumStmt", &create_enum},
      {"CreateFunctionStmt", &create_function},
      {"AlterDomainStmt", &alter_domain},
      {"AlterEnumStmt", &alter_enum},
      {"DropdbStmt", &drop_database},
      {"TruncateStmt", &on_listed<What::truncate>},
      {"LockStmt", &on_listed<What::lock_table>},
      {"RenameStmt", &rename},
      {"AlterObjectSchemaStmt", &on<What::set_schema>},
      {"ReindexStmt", &on<What::reindex>},
      {"RefreshMatViewStmt", &on<What::refresh>},
      {"ClusterStmt", &on<What::cluster>},
      {"RepackStmt", &on<What::cluster>},
      {"VacuumStmt", &vacuum},
      {"AlterSeqStmt", &alter_sequence},
      {"InsertStmt", &on<What::insert>},
      {"UpdateStmt", &on<What::update>},
      {"DeleteStmt", &on<What::delete_rows>},
      {"MergeStmt", &on<What::merge>},
      {"CopyStmt", &copy},
      {"SelectStmt", &bare<What::select>},
      {"DoStmt", &bare<What::run_block>},
      {"CallStmt", &bare<What::call>},
      {"TransactionStmt", &bare<What::transaction>},
      {"VariableSetStmt", &set_variable},
      {"GrantStmt", &bare<What::grant>},
      {"GrantRoleStmt", &bare<What::grant>},
      {"CreateRoleStmt", &bare<What::role>},
      {"AlterRoleStmt", &bare<What::role>},
      {"CommentStmt", &bare<What::comment>},
  };
  return table;
}

}  // namespace

std::string plain(std::string name) {
  return name.starts_with("public.") ? name.substr(7) : std::move(name);
}

std::vector<Action> actions_in(const std::string& kind, const Json& node) {
  const auto found = readers().find(kind);
  if (found != readers().end()) return found->second(node);
  return {made(What::other, "", "", node)};
}

}  // namespace steward::safety
