#include "runner/safety/predict.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <unordered_map>
#include <utility>

#include "runner/parser.h"
#include "runner/safety/alter_table.h"
#include "runner/safety/tree.h"
#include "runner/text.h"

namespace steward::safety {
namespace {

using Node = const Json&;

Effects on_relation(Node node, Lock lock, bool scans = false, bool rewrites = false,
                    const char* key = "relation") {
  Effects effects;
  if (node.contains(key)) effects.touches.push_back({name_in(node[key]), lock, scans, rewrites});
  return effects;
}

Effects outside() {
  Effects effects;
  effects.outside = true;
  return effects;
}

Effects create_index(Node node) {
  const bool concurrent = flag(node, "concurrent");
  Effects effects =
      on_relation(node, concurrent ? Lock::share_update_exclusive : Lock::share, true);
  effects.outside = concurrent;
  return effects;
}

// DROP INDEX locks the index's table too; which that is, only the database knows.
Effects drop(Node node) {
  const std::string kind = word(node, "removeType");
  const bool concurrent = flag(node, "concurrent");
  Effects effects;
  effects.outside = concurrent;
  static constexpr std::array<std::string_view, 6> relations{
      "OBJECT_TABLE",   "OBJECT_INDEX",    "OBJECT_VIEW",
      "OBJECT_MATVIEW", "OBJECT_SEQUENCE", "OBJECT_FOREIGN_TABLE"};
  static constexpr std::array<std::string_view, 3> of_relations{"OBJECT_TRIGGER", "OBJECT_RULE",
                                                                "OBJECT_POLICY"};
  const bool on_table = contains(of_relations, kind);
  if (!on_table && !contains(relations, kind)) return effects;
  for (Node object : list(node, "objects"))
    effects.touches.push_back({name_of_list(object, on_table ? 1 : 0),
                               concurrent ? Lock::share_update_exclusive : Lock::access_exclusive});
  return effects;
}

Effects create_table(Node node) {
  Effects effects;
  effects.creates.push_back(name_in(member(node, "relation")));
  for (Node parent : list(node, "inhRelations"))
    effects.touches.push_back({name_in(content(parent)), node.contains("partbound")
                                                             ? Lock::access_exclusive
                                                             : Lock::share_update_exclusive});
  add_references(list(node, "tableElts"), effects);
  return effects;
}

Effects create_table_as(Node node) {
  Effects effects;
  effects.creates.push_back(name_in(member(member(node, "into"), "rel")));
  return effects;
}

Effects create_view(Node node) {
  Effects effects;
  if (flag(node, "replace"))
    effects.touches.push_back({name_in(member(node, "view")), Lock::access_exclusive});
  else
    effects.creates.push_back(name_in(member(node, "view")));
  return effects;
}

Effects reindex(Node node) {
  const std::string kind = word(node, "kind");
  const bool concurrent = flag(node, "concurrent") || has_option(node, "concurrently");
  if (kind != "REINDEX_OBJECT_INDEX" && kind != "REINDEX_OBJECT_TABLE") return outside();
  Effects effects = on_relation(
      node,
      concurrent ? Lock::share_update_exclusive
                 : (kind == "REINDEX_OBJECT_INDEX" ? Lock::access_exclusive : Lock::share),
      true);
  effects.outside = concurrent;
  return effects;
}

Effects vacuum(Node node) {
  Effects effects;
  const bool full = has_option(node, "full");
  for (Node item : list(node, "rels"))
    effects.touches.push_back({name_in(content(item)["relation"]),
                               full ? Lock::access_exclusive : Lock::share_update_exclusive, full,
                               full});
  effects.outside = flag(node, "is_vacuumcmd");
  return effects;
}

Effects cluster(Node node) {
  if (!node.contains("relation")) return outside();
  return on_relation(node, Lock::access_exclusive, true, true);
}

Effects on_relations(Node node, Lock lock) {
  Effects effects;
  for (Node relation : list(node, "relations"))
    effects.touches.push_back({name_in(content(relation)), lock});
  return effects;
}

Effects truncate(Node node) {
  return on_relations(node, Lock::access_exclusive);
}

Effects lock_table(Node node) {
  return on_relations(node, static_cast<Lock>(std::clamp(node.value("mode", 8), 1, 8)));
}

// A new subscription makes its slot on the other server, unless it is told not to.
Effects subscribe(Node node) {
  Effects effects;
  effects.outside = !option_is_off(node, "connect") && !option_is_off(node, "create_slot");
  return effects;
}

Effects transaction_control(Node node) {
  const std::string kind = word(node, "kind");
  Effects effects;
  effects.outside = kind == "TRANS_STMT_COMMIT_PREPARED" || kind == "TRANS_STMT_ROLLBACK_PREPARED";
  return effects;
}

Effects may_commit(Node) {
  Effects effects;
  effects.may_commit = true;
  return effects;
}

template <Lock lock>
Effects locks(Node node) {
  return on_relation(node, lock);
}

// An index goes on being used under its new name.
Effects rename(Node node) {
  return on_relation(node, word(node, "renameType") == "OBJECT_INDEX" ? Lock::share_update_exclusive
                                                                      : Lock::access_exclusive);
}

Effects alter_sequence(Node node) {
  return on_relation(node, Lock::share_row_exclusive, false, false, "sequence");
}

// What COMMENT is about, when that is a relation or a column of one.
Effects comment(Node node) {
  const std::string kind = word(node, "objtype");
  Effects effects;
  if (kind != "OBJECT_TABLE" && kind != "OBJECT_COLUMN") return effects;
  effects.touches.push_back({name_of_list(member(node, "object"), kind == "OBJECT_COLUMN" ? 1 : 0),
                             Lock::share_update_exclusive});
  return effects;
}

Effects create_statistics(Node node) {
  return on_relations(node, Lock::share_update_exclusive);
}

Effects create_publication(Node node) {
  Effects effects;
  for (Node object : list(node, "pubobjects")) {
    Node table = member(member(content(object), "pubtable"), "relation");
    if (table.contains("relname"))
      effects.touches.push_back({name_in(table), Lock::share_update_exclusive});
  }
  return effects;
}

Effects select(Node node) {
  Effects effects;
  if (list(node, "lockingClause").empty()) return effects;
  for (Node relation : list(node, "fromClause"))
    if (relation.contains("RangeVar"))
      effects.touches.push_back({name_in(relation["RangeVar"]), Lock::row_share});
  return effects;
}

Effects refresh(Node node) {
  const bool concurrent = flag(node, "concurrent");
  return on_relation(node, concurrent ? Lock::exclusive : Lock::access_exclusive, true,
                     !concurrent);
}

Effects discard(Node node) {
  return word(node, "target") == "DISCARD_ALL" ? outside() : Effects{};
}

Effects alter_database(Node node) {
  return has_option(node, "tablespace") ? outside() : Effects{};
}

Effects nothing(Node) {
  return {};
}
Effects always_outside(Node) {
  return outside();
}

using Judge = Effects (*)(Node);

const std::unordered_map<std::string_view, Judge>& judges() {
  static const std::unordered_map<std::string_view, Judge> table{
      {"AlterTableStmt", &alter_table},
      {"IndexStmt", &create_index},
      {"DropStmt", &drop},
      {"CreateStmt", &create_table},
      {"CreateTableAsStmt", &create_table_as},
      {"ViewStmt", &create_view},
      {"ReindexStmt", &reindex},
      {"VacuumStmt", &vacuum},
      {"ClusterStmt", &cluster},
      {"RepackStmt", &cluster},
      {"TruncateStmt", &truncate},
      {"LockStmt", &lock_table},
      {"RenameStmt", &rename},
      {"AlterObjectSchemaStmt", &rename},
      {"RefreshMatViewStmt", &refresh},
      {"CreateTrigStmt", &locks<Lock::share_row_exclusive>},
      {"RuleStmt", &locks<Lock::access_exclusive>},
      {"InsertStmt", &locks<Lock::row_exclusive>},
      {"UpdateStmt", &locks<Lock::row_exclusive>},
      {"DeleteStmt", &locks<Lock::row_exclusive>},
      {"MergeStmt", &locks<Lock::row_exclusive>},
      {"CopyStmt", &locks<Lock::row_exclusive>},
      {"AlterSeqStmt", &alter_sequence},
      {"CreateSubscriptionStmt", &subscribe},
      {"DropSubscriptionStmt", &always_outside},
      {"CreatedbStmt", &always_outside},
      {"DropdbStmt", &always_outside},
      {"CreateTableSpaceStmt", &always_outside},
      {"DropTableSpaceStmt", &always_outside},
      {"AlterSystemStmt", &always_outside},
      {"AlterDatabaseStmt", &alter_database},
      {"DiscardStmt", &discard},
      {"TransactionStmt", &transaction_control},
      {"CallStmt", &may_commit},
      {"DoStmt", &may_commit},
      {"SelectStmt", &select},
      {"CreateStatsStmt", &create_statistics},
      {"CreatePublicationStmt", &create_publication},
      {"AlterDomainStmt", &nothing},
      {"CreateFunctionStmt", &nothing},
      {"CreateSchemaStmt", &nothing},
      {"CreateExtensionStmt", &nothing},
      {"CreateSeqStmt", &nothing},
      {"CreateEnumStmt", &nothing},
      {"AlterEnumStmt", &nothing},
      {"CompositeTypeStmt", &nothing},
      {"CreateRangeStmt", &nothing},
      {"CreateDomainStmt", &nothing},
      {"CommentStmt", &comment},
      {"GrantStmt", &nothing},
      {"GrantRoleStmt", &nothing},
      {"CreateRoleStmt", &nothing},
      {"AlterRoleStmt", &nothing},
      {"AlterDefaultPrivilegesStmt", &nothing},
      {"AlterOwnerStmt", &nothing},
      {"VariableSetStmt", &nothing},
      {"VariableShowStmt", &nothing},
      {"DefineStmt", &nothing},
  };
  return table;
}

Effects policy(Node node) {
  return on_relation(node, Lock::access_exclusive, false, false, "table");
}

}  // namespace

Effects effects_of_tree(const Json& statement) {
  const std::string kind = statement.items().begin().key();
  const Json& node = content(statement);
  if (kind == "CreatePolicyStmt" || kind == "AlterPolicyStmt") return policy(node);
  const auto known = judges().find(kind);
  if (known != judges().end()) return known->second(node);
  Effects effects;
  effects.known = false;
  return effects;
}

namespace {

std::string_view text_of(const sql::Statement& statement) {
  return std::string_view(statement.text).substr(statement.first);
}

void add(std::vector<Touch>& touches, const Touch& more) {
  for (Touch& touch : touches)
    if (touch.relation == more.relation) {
      touch.lock = std::max(touch.lock, more.lock);
      touch.scans = touch.scans || more.scans;
      touch.rewrites = touch.rewrites || more.rewrites;
      return;
    }
  touches.push_back(more);
}

}  // namespace

Effects effects_of(const sql::Statement& statement) {
  const std::optional<Json> tree = parser::parse(text_of(statement));
  if (tree && tree->is_object() && !tree->empty()) return effects_of_tree(*tree);
  Effects effects;
  effects.known = false;
  effects.outside = sql::runs_outside_transaction(statement);
  return effects;
}

bool may_hold_outsiders(std::string_view text) {
  // All that makes a statement refuse to run in a transaction has one of these in it.
  static constexpr std::array<std::string_view, 10> telling{
      "concurrently", "vacuum",  "database", "tablespace", "system",
      "schema",       "cluster", "discard",  "prepared",   "subscription"};
  const std::string lowered = lower(text);
  return std::any_of(telling.begin(), telling.end(), [&](std::string_view mark) {
    return lowered.find(mark) != std::string::npos;
  });
}

bool runs_outside_transaction(const sql::Statement& statement) {
  return statement.number > 0 && may_hold_outsiders(text_of(statement)) &&
         effects_of(statement).outside;
}

Summary summary_of(const sql::Source& script) {
  Summary summary;
  std::vector<std::string> created;
  sql::Splitter splitter(script, "");
  for (sql::Statement statement; splitter.next(statement);) {
    for (std::string rows; statement.copy_in && splitter.data(rows);) continue;
    if (statement.number == 0) continue;
    const Effects effects = effects_of(statement);
    ++summary.statements;
    if (!effects.known) ++summary.unknown;
    summary.may_commit = summary.may_commit || effects.may_commit;
    for (const std::string& name : effects.creates) created.push_back(name);
    for (const Touch& touch : effects.touches)
      if (std::find(created.begin(), created.end(), touch.relation) == created.end())
        add(summary.touches, touch);
  }
  return summary;
}

}  // namespace steward::safety
