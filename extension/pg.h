// The only door to the server's headers: C++ headers first, the server's second, the macros that
// break ordinary C++ removed, and what differs between server versions settled here and nowhere
// else.
//
// Standard headers come first because a server built without NLS defines gettext() as a macro,
// which <locale> then trips over.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <functional>
#include <locale>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

extern "C" {
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/namespace.h"
#include "catalog/objectaccess.h"
#include "catalog/partition.h"
#include "catalog/pg_attrdef.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_description.h"
#include "catalog/pg_foreign_table.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_policy.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_sequence.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "commands/sequence.h"
#include "commands/trigger.h"
#include "common/cryptohash.h"
#include "common/hashfn.h"
#include "common/sha2.h"
#include "executor/execdesc.h"
#include "executor/executor.h"
#include "executor/instrument.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "nodes/plannodes.h"
#include "portability/instr_time.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "tcop/cmdtag.h"
#include "tcop/dest.h"
#include "tcop/pquery.h"
#include "tcop/tcopprot.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/elog.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/guc_tables.h"
#include "utils/inval.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/portal.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"
#include "utils/uuid.h"
#include "utils/xid8.h"
}

#undef Abs
#undef Max
#undef Min
#undef printf
#undef snprintf
#undef sprintf
#undef fprintf
#undef vfprintf
#undef vsnprintf
#undef strerror

namespace steward::pg {

#if PG_VERSION_NUM < 150000 || PG_VERSION_NUM >= 190000
#error "pg_steward knows PostgreSQL 15, 16, 17 and 18"
#endif

// What a relation is kept in. is_new: made by this transaction, so that nobody else can be waiting
// for it.
struct Storage {
  Oid file = InvalidOid;
  bool is_new = false;
  bool rewritten = false;  // this transaction gave it another file
  std::int64_t bytes = 0;
};

// Of a table, an index or a materialized view that this backend holds a lock on; false: it is gone,
// or none of these. Runs in a call(): it may ereport.
inline bool storage_of(Oid relation, Storage& storage) {
  Relation open = RelationIdGetRelation(relation);
  if (!RelationIsValid(open)) return false;
  char kind = open->rd_rel->relkind;
  bool kept = kind == RELKIND_RELATION || kind == RELKIND_MATVIEW;
  if (kept) {
#if PG_VERSION_NUM >= 160000
    storage.file = open->rd_locator.relNumber;
    storage.rewritten = open->rd_firstRelfilelocatorSubid != InvalidSubTransactionId;
#else
    storage.file = open->rd_node.relNode;
    storage.rewritten = open->rd_firstRelfilenodeSubid != InvalidSubTransactionId;
#endif
    storage.is_new = open->rd_createSubid != InvalidSubTransactionId;
    storage.bytes = static_cast<std::int64_t>(RelationGetNumberOfBlocks(open)) * BLCKSZ;
  }
  RelationClose(open);
  return kept;
}

// Calls visit(relation, mask) for every relation of this database that this backend holds a lock
// on. The server offers no list of a backend's own locks; pg_locks copies everybody's. visit runs
// under a lightweight lock in shared mode: it must not allocate, throw or ereport.
template <class Visit>
void each_held_lock(Visit visit) {
  for (int partition = 0; partition < NUM_LOCK_PARTITIONS; ++partition) {
#if PG_VERSION_NUM >= 160000
    dlist_head* list = &MyProc->myProcLocks[partition];
    if (list->head.next == nullptr || list->head.next == &list->head) continue;
    LWLockAcquire(LockHashPartitionLockByIndex(partition), LW_SHARED);
    for (dlist_node* node = list->head.next; node != &list->head; node = node->next) {
      auto* held =
          reinterpret_cast<PROCLOCK*>(reinterpret_cast<char*>(node) - offsetof(PROCLOCK, procLink));
#else
    SHM_QUEUE* list = &MyProc->myProcLocks[partition];
    if (SHMQueueEmpty(list)) continue;
    LWLockAcquire(LockHashPartitionLockByIndex(partition), LW_SHARED);
    for (auto* held =
             reinterpret_cast<PROCLOCK*>(SHMQueueNext(list, list, offsetof(PROCLOCK, procLink)));
         held; held = reinterpret_cast<PROCLOCK*>(
                   SHMQueueNext(list, &held->procLink, offsetof(PROCLOCK, procLink)))) {
#endif
      const LOCKTAG& tag = held->tag.myLock->tag;
      if (held->holdMask && tag.locktag_type == LOCKTAG_RELATION &&
          tag.locktag_field1 == MyDatabaseId)
        visit(static_cast<Oid>(tag.locktag_field2), held->holdMask);
    }
    LWLockRelease(LockHashPartitionLockByIndex(partition));
  }
  // Weak locks on relations may be kept in the process itself, three bits to a slot, from mode 1
  // up.
  LWLockAcquire(&MyProc->fpInfoLock, LW_SHARED);
#if PG_VERSION_NUM >= 180000
  for (int group = 0; group < FastPathLockGroupsPerBackend; ++group)
    for (int slot = 0; slot < FP_LOCK_SLOTS_PER_GROUP; ++slot)
      if (auto bits = static_cast<LOCKMASK>((MyProc->fpLockBits[group] >> (3 * slot)) & 7))
        visit(MyProc->fpRelId[group * FP_LOCK_SLOTS_PER_GROUP + slot],
              static_cast<LOCKMASK>(bits << 1));
#else
  for (int slot = 0; slot < FP_LOCK_SLOTS_PER_BACKEND; ++slot)
    if (auto bits = static_cast<LOCKMASK>((MyProc->fpLockBits >> (3 * slot)) & 7))
      visit(MyProc->fpRelId[slot], static_cast<LOCKMASK>(bits << 1));
#endif
  LWLockRelease(&MyProc->fpInfoLock);
}

// What is known of a setting, with the values that its present one covers; null when there is none.
inline const config_generic* find_setting(const char* name) noexcept {
#if PG_VERSION_NUM >= 160000
  return find_option(name, false, true, DEBUG5);
#else
  config_generic** all = get_guc_variables();
  for (int i = 0; i < GetNumConfigOptions(); ++i)
    if (std::strcmp(all[i]->name, name) == 0) return all[i];
  return nullptr;
#endif
}

// Whether this backend holds the advisory lock of this key, in its transaction or its session.
inline bool holds_advisory_lock(const LOCKTAG& tag) {
#if PG_VERSION_NUM >= 170000
  return LockHeldByMe(&tag, ExclusiveLock, false);
#else
  return LockHeldByMe(&tag, ExclusiveLock);
#endif
}

}  // namespace steward::pg
