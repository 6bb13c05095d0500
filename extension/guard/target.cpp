#include "extension/guard/target.h"

namespace steward::guard {
namespace {

class Reader {
 public:
  Targets targets;

  void read(Node* node);

 private:
  void relation(const RangeVar* name);
  void relation_named(List* name);
  void named(List* name);
  void plain(const char* name);
  void of_kind(ObjectType kind, Node* object);
  void each_of_kind(ObjectType kind, List* objects);
  void privileges(const GrantStmt* grant);
  void table(const CreateStmt* create);
  void altered_table(const AlterTableStmt* alter);
  void dropped(const DropStmt* drop);
  void moved(const AlterObjectSchemaStmt* move);
  void explained(const ExplainStmt* explain);
  void roles(List* specs);
  void add(Oid schema, const char* name, bool temporary);
};

std::string schema_name(Oid schema) {
  const char* name = call([&] { return get_namespace_name(schema); });
  return name ? name : "";
}

bool is_temporary(Oid schema) {
  return call([&] { return isTempOrTempToastNamespace(schema); });
}

// Where an unqualified new object would go; none when nothing in the search path can take it.
Oid schema_of_new(const RangeVar* name) {
  if (name->relpersistence == RELPERSISTENCE_TEMP) return InvalidOid;
  if (name->schemaname)
    return call([&] {
      return std::strcmp(name->schemaname, "pg_temp") == 0
                 ? InvalidOid
                 : get_namespace_oid(name->schemaname, true);
    });
  List* path = call([] { return fetch_search_path(false); });
  return path == NIL ? InvalidOid : linitial_oid(path);
}

bool says_temporary(const char* schema) noexcept {
  return schema && std::strcmp(schema, "pg_temp") == 0;
}

// The parent of a partition; none for any other relation.
Oid parent_of(Oid relation) {
  return call([&] {
    return get_rel_relispartition(relation) ? get_partition_parent(relation, true) : InvalidOid;
  });
}

std::string relation_text(Oid relation) {
  if (!OidIsValid(relation)) return {};
  const char* name = call([&] { return get_rel_name(relation); });
  Oid schema = call([&] { return get_rel_namespace(relation); });
  return name ? schema_name(schema) + "." + name : "";
}

Oid existing(const RangeVar* name) {
  return call([&] { return RangeVarGetRelid(name, NoLock, true); });
}

// One of many kinds of objects is a relation, and where its name stands in the list of names.
bool is_relation(ObjectType kind) noexcept {
  switch (kind) {
    case OBJECT_TABLE:
    case OBJECT_VIEW:
    case OBJECT_MATVIEW:
    case OBJECT_INDEX:
    case OBJECT_SEQUENCE:
    case OBJECT_FOREIGN_TABLE:
      return true;
    default:
      return false;
  }
}

// The last name is of something that belongs to the relation named before it.
bool is_part_of_relation(ObjectType kind) noexcept {
  switch (kind) {
    case OBJECT_COLUMN:
    case OBJECT_POLICY:
    case OBJECT_RULE:
    case OBJECT_TABCONSTRAINT:
    case OBJECT_TRIGGER:
      return true;
    default:
      return false;
  }
}

void Reader::add(Oid schema, const char* name, bool temporary) {
  targets.all.push_back({temporary            ? "pg_temp"
                         : OidIsValid(schema) ? schema_name(schema)
                                              : std::string(),
                         name, temporary});
}

void Reader::plain(const char* name) {
  if (name) targets.all.push_back({{}, name, false});
}

void Reader::relation(const RangeVar* name) {
  if (!name) return;
  Oid found = name->relpersistence == RELPERSISTENCE_TEMP ? InvalidOid : existing(name);
  if (OidIsValid(found)) {
    Oid schema = call([&] { return get_rel_namespace(found); });
    add(schema, name->relname, is_temporary(schema));
  } else {
    Oid schema = schema_of_new(name);
    add(schema, name->relname,
        name->relpersistence == RELPERSISTENCE_TEMP || says_temporary(name->schemaname) ||
            (OidIsValid(schema) && is_temporary(schema)));
  }
}

void Reader::relation_named(List* name) {
  relation(call([&] { return makeRangeVarFromNameList(name); }));
}

// The parent that all of these tables are partitions of.
std::string common_parent(List* tables) {
  Oid common = InvalidOid;
  for (int i = 0; i < list_length(tables); ++i) {
    auto* name = static_cast<List*>(list_nth(tables, i));
    Oid table = existing(call([&] { return makeRangeVarFromNameList(name); }));
    Oid parent = OidIsValid(table) ? parent_of(table) : InvalidOid;
    if (!OidIsValid(parent) || (OidIsValid(common) && parent != common)) return {};
    common = parent;
  }
  return relation_text(common);
}

void Reader::dropped(const DropStmt* drop) {
  each_of_kind(drop->removeType, drop->objects);
  if (drop->removeType == OBJECT_TABLE) targets.partitioned = common_parent(drop->objects);
}

// It leaves one schema and comes into another.
void Reader::moved(const AlterObjectSchemaStmt* move) {
  if (move->relation)
    relation(move->relation);
  else
    of_kind(move->objectType, move->object);
  if (!targets.all.empty())
    targets.all.push_back({move->newschema, targets.all.back().name, false});
}

// An object whose kind has names of its own in each schema: only what the statement itself says of
// it.
void Reader::named(List* name) {
  const char* schema = nullptr;
  const char* object = nullptr;
  call([&] {
    char* last = nullptr;
    char* qualifier = nullptr;
    DeconstructQualifiedName(name, &qualifier, &last);
    schema = qualifier;
    object = last;
  });
  targets.all.push_back({schema ? schema : "", object, says_temporary(schema)});
}

void Reader::of_kind(ObjectType kind, Node* object) {
  if (!object) return;
  if (IsA(object, String)) return plain(strVal(object));
  if (IsA(object, RangeVar)) return relation(castNode(RangeVar, object));
  if (IsA(object, ObjectWithArgs)) return named(castNode(ObjectWithArgs, object)->objname);
  if (IsA(object, TypeName)) {
    if (castNode(TypeName, object)->names != NIL) named(castNode(TypeName, object)->names);
    return;
  }
  if (IsA(object, RoleSpec)) return plain(castNode(RoleSpec, object)->rolename);
  if (!IsA(object, List)) return;
  auto* names = castNode(List, object);
  // An operator class is named after its access method: what stands first is no schema.
  if (kind == OBJECT_OPCLASS || kind == OBJECT_OPFAMILY) return;
  if (is_relation(kind)) return relation_named(names);
  if (is_part_of_relation(kind) && list_length(names) > 1)
    return relation_named(call([&] { return list_truncate(list_copy(names), names->length - 1); }));
  for (int i = 0; i < list_length(names); ++i)
    if (!IsA(list_nth(names, i), String)) return;  // (type, name), and the like
  named(names);
}

void Reader::each_of_kind(ObjectType kind, List* objects) {
  for (int i = 0; i < list_length(objects); ++i)
    of_kind(kind, static_cast<Node*>(list_nth(objects, i)));
}

// GRANT ... ON ALL TABLES IN SCHEMA names schemas; what it touches is in them.
void Reader::privileges(const GrantStmt* grant) {
  if (grant->targtype != ACL_TARGET_ALL_IN_SCHEMA)
    return each_of_kind(grant->objtype, grant->objects);
  for (int i = 0; i < list_length(grant->objects); ++i) {
    const char* schema = strVal(list_nth(grant->objects, i));
    targets.all.push_back({schema, "*", says_temporary(schema)});
  }
}

void Reader::table(const CreateStmt* create) {
  relation(create->relation);
  if (!create->partbound || list_length(create->inhRelations) != 1) return;
  auto* parent = static_cast<RangeVar*>(linitial(create->inhRelations));
  relation(parent);
  targets.partitioned = relation_text(existing(parent));
}

// EXPLAIN ANALYZE of CREATE TABLE AS makes the table.
void Reader::explained(const ExplainStmt* explain) {
  if (!IsA(explain->query, Query)) return;
  auto* query = castNode(Query, explain->query);
  if (query->utilityStmt) read(query->utilityStmt);
}

// ATTACH and DETACH PARTITION are about the partition; any other change is the table's own.
void Reader::altered_table(const AlterTableStmt* alter) {
  relation(alter->relation);
  if (list_length(alter->cmds) != 1) return;
  auto* command = static_cast<AlterTableCmd*>(linitial(alter->cmds));
  if (command->subtype != AT_AttachPartition && command->subtype != AT_DetachPartition &&
      command->subtype != AT_DetachPartitionFinalize)
    return;
  targets.partitioned = relation_text(existing(alter->relation));
  relation(castNode(PartitionCmd, command->def)->name);
}

void Reader::roles(List* specs) {
  for (int i = 0; i < list_length(specs); ++i) {
    auto* node = static_cast<Node*>(list_nth(specs, i));
    if (IsA(node, RoleSpec)) plain(castNode(RoleSpec, node)->rolename);
    if (IsA(node, AccessPriv)) plain(castNode(AccessPriv, node)->priv_name);
  }
}

#define STEWARD_CASE(type, ...)     \
  case T_##type: {                  \
    auto* s = castNode(type, node); \
    __VA_ARGS__;                    \
    break;                          \
  }

void Reader::read(Node* node) {
  switch (nodeTag(node)) {
    STEWARD_CASE(CreateStmt, table(s))
    STEWARD_CASE(CreateForeignTableStmt, table(&s->base))
    STEWARD_CASE(CreateTableAsStmt, relation(s->into->rel))
    STEWARD_CASE(ViewStmt, relation(s->view))
    STEWARD_CASE(CreateSeqStmt, relation(s->sequence))
    STEWARD_CASE(AlterSeqStmt, relation(s->sequence))
    STEWARD_CASE(IndexStmt, relation(s->relation))
    STEWARD_CASE(AlterTableStmt, altered_table(s))
    STEWARD_CASE(CreateTrigStmt, relation(s->relation))
    STEWARD_CASE(RuleStmt, relation(s->relation))
    STEWARD_CASE(CreatePolicyStmt, relation(s->table))
    STEWARD_CASE(AlterPolicyStmt, relation(s->table))
    STEWARD_CASE(ClusterStmt, relation(s->relation))
    STEWARD_CASE(CompositeTypeStmt, relation(s->typevar))
    STEWARD_CASE(CreateStatsStmt, named(s->defnames))
    STEWARD_CASE(DefineStmt, named(s->defnames))
    STEWARD_CASE(CreateFunctionStmt, named(s->funcname))
    STEWARD_CASE(AlterFunctionStmt, named(s->func->objname))
    STEWARD_CASE(CreateEnumStmt, named(s->typeName))
    STEWARD_CASE(AlterEnumStmt, named(s->typeName))
    STEWARD_CASE(CreateRangeStmt, named(s->typeName))
    STEWARD_CASE(CreateDomainStmt, named(s->domainname))
    STEWARD_CASE(AlterDomainStmt, named(s->typeName))
    STEWARD_CASE(AlterTypeStmt, named(s->typeName))
    STEWARD_CASE(DropStmt, dropped(s))
    STEWARD_CASE(ExplainStmt, explained(s))
    STEWARD_CASE(CommentStmt, of_kind(s->objtype, s->object))
    STEWARD_CASE(SecLabelStmt, of_kind(s->objtype, s->object))
    STEWARD_CASE(AlterOwnerStmt,
                 s->relation ? relation(s->relation) : of_kind(s->objectType, s->object))
    STEWARD_CASE(RenameStmt, s->relation ? relation(s->relation)
                             : s->object ? of_kind(s->renameType, s->object)
                                         : plain(s->subname))
    STEWARD_CASE(AlterObjectSchemaStmt, moved(s))
    STEWARD_CASE(AlterObjectDependsStmt,
                 s->relation ? relation(s->relation) : of_kind(s->objectType, s->object))
    STEWARD_CASE(GrantStmt, privileges(s))
    STEWARD_CASE(GrantRoleStmt, roles(s->granted_roles); roles(s->grantee_roles))
    STEWARD_CASE(CreateRoleStmt, plain(s->role))
    STEWARD_CASE(AlterRoleStmt, of_kind(OBJECT_ROLE, reinterpret_cast<Node*>(s->role)))
    STEWARD_CASE(AlterRoleSetStmt, of_kind(OBJECT_ROLE, reinterpret_cast<Node*>(s->role)))
    STEWARD_CASE(DropRoleStmt, roles(s->roles))
    STEWARD_CASE(DropOwnedStmt, roles(s->roles))
    STEWARD_CASE(ReassignOwnedStmt, roles(s->roles))
    STEWARD_CASE(CreateSchemaStmt, plain(s->schemaname))
    STEWARD_CASE(CreateExtensionStmt, plain(s->extname))
    STEWARD_CASE(AlterExtensionStmt, plain(s->extname))
    STEWARD_CASE(AlterExtensionContentsStmt, plain(s->extname))
    STEWARD_CASE(AlterDatabaseStmt, plain(s->dbname))
    STEWARD_CASE(AlterDatabaseSetStmt, plain(s->dbname))
    STEWARD_CASE(CreateEventTrigStmt, plain(s->trigname))
    STEWARD_CASE(AlterEventTrigStmt, plain(s->trigname))
    STEWARD_CASE(CreatePublicationStmt, plain(s->pubname))
    STEWARD_CASE(AlterPublicationStmt, plain(s->pubname))
    STEWARD_CASE(CreateSubscriptionStmt, plain(s->subname))
    STEWARD_CASE(AlterSubscriptionStmt, plain(s->subname))
    STEWARD_CASE(DropSubscriptionStmt, plain(s->subname))
    STEWARD_CASE(CreateForeignServerStmt, plain(s->servername))
    STEWARD_CASE(AlterForeignServerStmt, plain(s->servername))
    STEWARD_CASE(CreateFdwStmt, plain(s->fdwname))
    STEWARD_CASE(AlterFdwStmt, plain(s->fdwname))
    STEWARD_CASE(CreateUserMappingStmt, plain(s->servername))
    STEWARD_CASE(AlterUserMappingStmt, plain(s->servername))
    STEWARD_CASE(DropUserMappingStmt, plain(s->servername))
    default:
      break;  // nothing known of it: recorded by its text, never free
  }
}

#undef STEWARD_CASE

}  // namespace

bool Targets::temporary() const noexcept {
  return !all.empty() &&
         std::all_of(all.begin(), all.end(), [](const Target& one) { return one.temporary; });
}

Targets targets_of(Node* statement) {
  Reader reader;
  reader.read(statement);
  return std::move(reader.targets);
}

}  // namespace steward::guard
