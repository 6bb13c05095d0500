#include "extension/cursors.h"

namespace steward::cursors {
namespace {

// Until the first look, one may have been declared before the library was loaded.
bool may_be_held = true;

struct Result {
  EState* state;
  Tuplestorestate* rows;
  TupleTableSlot* slot;
};

// The server shows its table of portals through the function behind pg_cursors alone. It is called
// by itself: at COMMIT there is no snapshot that a query could be run with.
Result list() {
  return call([] {
    EState* state = CreateExecutorState();
    MemoryContext before = MemoryContextSwitchTo(state->es_query_cxt);
    FmgrInfo function;
    fmgr_info(F_PG_CURSOR, &function);
    ReturnSetInfo wanted{};
    wanted.type = T_ReturnSetInfo;
    wanted.econtext = CreateExprContext(state);
    wanted.allowedModes = SFRM_Materialize;
    LOCAL_FCINFO(fcinfo, 0);
    InitFunctionCallInfoData(*fcinfo, &function, 0, InvalidOid, nullptr,
                             reinterpret_cast<fmNodePtr>(&wanted));
    FunctionCallInvoke(fcinfo);
    Result result{state, wanted.setResult,
                  MakeSingleTupleTableSlot(wanted.setDesc, &TTSOpsMinimalTuple)};
    MemoryContextSwitchTo(before);
    return result;
  });
}

void done_with(const Result& result) {
  call([&] {
    ExecDropSingleTupleTableSlot(result.slot);
    tuplestore_end(result.rows);
    FreeExecutorState(result.state);
  });
}

const char* next_holdable(const Result& result) {
  return call([&]() -> const char* {
    while (tuplestore_gettupleslot(result.rows, true, false, result.slot)) {
      bool null = false;
      Datum name = slot_getattr(result.slot, 1, &null);
      if (DatumGetBool(slot_getattr(result.slot, 3, &null))) return TextDatumGetCString(name);
    }
    return nullptr;
  });
}

bool outlived_its_transaction(Portal portal) noexcept {
  return portal->createSubid == InvalidSubTransactionId && !portal->portalPinned &&
         portal->status != PORTAL_ACTIVE;
}

// Whether it is gone.
bool close(const char* name, int level, const char* why) {
  return call([&] {
    Portal portal = GetPortalByName(name);
    if (!PortalIsValid(portal)) return true;
    if (!outlived_its_transaction(portal)) return false;
    PortalDrop(portal, false);
    ereport(level, errcode(ERRCODE_WARNING), errmsg("cursor \"%s\" was closed", name),
            errdetail("%s", why));
    return true;
  });
}

}  // namespace

void declared(int options) noexcept {
  if (options & CURSOR_OPT_HOLD) may_be_held = true;
}

void close_held(int level, const char* why) {
  if (!may_be_held) return;
  Result result = list();
  bool some_stay = false;
  while (const char* name = next_holdable(result))
    if (!close(name, level, why)) some_stay = true;
  done_with(result);
  may_be_held = some_stay;
}

}  // namespace steward::cursors
