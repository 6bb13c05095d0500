#include "extension/strict.h"

namespace steward::strict {
namespace {

struct Refusal {
  const char* statement;
  const char* why;
};

// Nothing is refused when statement is null.
Refusal refusal_of(Node* node) noexcept {
  switch (nodeTag(node)) {
    case T_DeclareCursorStmt:
      if (castNode(DeclareCursorStmt, node)->options & CURSOR_OPT_HOLD)
        return {"DECLARE CURSOR WITH HOLD",
                "Its rows would outlive the identity they were read under."};
      break;
    case T_ExplainStmt:
      return {"EXPLAIN", "Estimates and row counts tell of other identities' rows."};
    case T_LockStmt:
      if (castNode(LockStmt, node)->mode > RowExclusiveLock)
        return {"LOCK TABLE", "A lock above ROW EXCLUSIVE keeps every other identity waiting."};
      break;
    case T_PrepareStmt:
      return {"PREPARE",
              "Its text outlives the transaction, for the connection's next client to read."};
    case T_ListenStmt:
      return {"LISTEN", "What is notified is for everybody who listens, whoever it is about."};
    case T_DropOwnedStmt:
      return {"DROP OWNED", "It would take away privileges and policies that are for this role."};
    default:
      break;
  }
  return {nullptr, nullptr};
}

// A superuser is nobody's member here, though he may be everybody's: he cannot be held to it.
bool is_strict(Oid role) {
  return call([&] {
    Oid strict = get_role_oid("steward_strict", true);
    return OidIsValid(strict) && !superuser_arg(role) && is_member_of_role_nosuper(role, strict);
  });
}

// The role that is set, and the one that logged in; but what a SECURITY DEFINER function does is
// its owner's doing.
bool caller_is_strict() {
  return is_strict(GetUserId()) || (!InLocalUserIdChange() && is_strict(GetSessionUserId()));
}

}  // namespace

void check(Node* statement) {
  Refusal refusal = refusal_of(statement);
  if (refusal.statement && caller_is_strict())
    throw Error("42501", std::string(refusal.statement) + " is refused to strict roles",
                refusal.why, "Run it as a role that is not a member of \"steward_strict\".");
}

}  // namespace steward::strict
