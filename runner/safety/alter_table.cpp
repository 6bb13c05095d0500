#include "runner/safety/alter_table.h"

#include "runner/safety/expression.h"
#include "runner/safety/tree.h"

namespace steward::safety {
namespace {

struct Part {
  Lock lock = Lock::access_exclusive;
  bool scans = false;
  bool rewrites = false;
};

constexpr std::array<std::string_view, 8> update_exclusive{
    "AT_SetStatistics",   "AT_ClusterOn",  "AT_DropCluster",  "AT_SetRelOptions",
    "AT_ResetRelOptions", "AT_SetOptions", "AT_ResetOptions", "AT_ValidateConstraint"};
constexpr std::array<std::string_view, 11> row_exclusive{
    "AT_EnableTrig",    "AT_EnableAlwaysTrig", "AT_EnableReplicaTrig", "AT_DisableTrig",
    "AT_EnableTrigAll", "AT_DisableTrigAll",   "AT_EnableTrigUser",    "AT_DisableTrigUser",
    "AT_AddForeignKey", "AT_ReAddConstraint",  "AT_AddInheritTrigger"};
constexpr std::array<std::string_view, 6> rewriting{"AT_AlterColumnType", "AT_SetLogged",
                                                    "AT_SetUnLogged",     "AT_SetTableSpace",
                                                    "AT_SetAccessMethod", "AT_SetExpression"};

// A function in a default may answer differently for each row; whether one that is not known does,
// only the database knows.
bool may_be_volatile(const Json& expression) {
  return volatility_in(expression) >= Volatility::unknown;
}

bool is_serial(const Json& column) {
  const Json& names = list(member(column, "typeName"), "names");
  if (names.size() != 1) return false;
  const Json& text = names[0].contains("String") ? names[0]["String"] : names[0];
  return names_serial(text.value("sval", text.value("str", std::string{})));
}

Part of_constraint(const Json& constraint) {
  const std::string kind = word(constraint, "contype");
  const bool validated = !flag(constraint, "skip_validation");
  if (kind == "CONSTR_FOREIGN") return {Lock::share_row_exclusive, validated, false};
  const bool adopted = !word(constraint, "indexname").empty();
  return {Lock::access_exclusive, validated && !adopted, false};
}

Part of_new_column(const Json& column) {
  Part part;
  part.rewrites = is_serial(column) || is_stored(column);
  for (const Json& item : list(column, "constraints")) {
    const Json& constraint = content(item);
    const std::string kind = word(constraint, "contype");
    if (kind == "CONSTR_IDENTITY") part.rewrites = true;
    if (kind == "CONSTR_DEFAULT" && may_be_volatile(member(constraint, "raw_expr")))
      part.rewrites = true;
    if (kind == "CONSTR_CHECK" || kind == "CONSTR_UNIQUE" || kind == "CONSTR_PRIMARY")
      part.scans = true;
  }
  part.scans = part.scans || part.rewrites;
  return part;
}

Part of_command(const Json& command) {
  const std::string kind = word(command, "subtype");
  const Json& definition = content(member(command, "def"));
  if (kind == "AT_AddColumn") return of_new_column(definition);
  if (kind == "AT_AddConstraint") return of_constraint(definition);
  if (kind == "AT_SetNotNull") return {Lock::access_exclusive, true, false};
  if (kind == "AT_AttachPartition") return {Lock::share_update_exclusive, false, false};
  if (kind == "AT_DetachPartition" && flag(definition, "concurrent"))
    return {Lock::share_update_exclusive, false, false};
  if (kind == "AT_ValidateConstraint") return {Lock::share_update_exclusive, true, false};
  if (contains(update_exclusive, kind)) return {Lock::share_update_exclusive, false, false};
  if (contains(row_exclusive, kind)) return {Lock::share_row_exclusive, false, false};
  const bool rewrites = contains(rewriting, kind);
  return {Lock::access_exclusive, rewrites, rewrites};
}

void add_reference(const Json& constraint, Effects& effects) {
  if (word(constraint, "contype") != "CONSTR_FOREIGN" || !constraint.contains("pktable")) return;
  effects.touches.push_back({name_in(constraint["pktable"]), Lock::share_row_exclusive});
}

// The other table of the command: the partition that comes or goes.
void add_partition(const Json& command, Effects& effects) {
  const Json& definition = content(member(command, "def"));
  const std::string kind = word(command, "subtype");
  if (!definition.contains("name") && !definition.contains("relname")) return;
  if (kind == "AT_AttachPartition")
    effects.touches.push_back({name_in(definition["name"]), Lock::access_exclusive, true, false});
  if (kind == "AT_AddInherit" || kind == "AT_DropInherit")
    effects.touches.push_back({name_in(definition), Lock::share_update_exclusive});
  if (kind == "AT_DetachPartition")
    effects.touches.push_back({name_in(definition["name"]), Lock::access_exclusive});
}

}  // namespace

void add_references(const Json& elements, Effects& effects) {
  for (const Json& element : elements) {
    const Json& inner = content(element);
    add_reference(inner, effects);
    for (const Json& constraint : list(inner, "constraints"))
      add_reference(content(constraint), effects);
  }
}

Effects alter_table(const Json& node) {
  Effects effects;
  Touch table{name_in(member(node, "relation")), Lock::none, false, false};
  for (const Json& item : list(node, "cmds")) {
    const Json& command = content(item);
    const Part part = of_command(command);
    table.lock = std::max(table.lock, part.lock);
    table.scans = table.scans || part.scans;
    table.rewrites = table.rewrites || part.rewrites;
    const Json& definition = member(command, "def");
    effects.outside = effects.outside || (word(command, "subtype") == "AT_DetachPartition" &&
                                          flag(content(definition), "concurrent"));
    add_references(Json::array({definition}), effects);
    add_partition(command, effects);
  }
  // A view's options are part of its definition.
  if (word(node, "objtype") == "OBJECT_VIEW") table.lock = Lock::access_exclusive;
  effects.touches.insert(effects.touches.begin(), table);
  return effects;
}

}  // namespace steward::safety
