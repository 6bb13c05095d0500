#include "extension/hooks.h"

#include "extension/cursors.h"
#include "extension/identity.h"
#include "extension/step.h"
#include "extension/strict.h"

namespace steward {
namespace {

ProcessUtility_hook_type next_utility;
ExecutorStart_hook_type next_start;
ExecutorEnd_hook_type next_end;
object_access_hook_type next_access;

// Inside a utility statement the queries it runs are not statements of the message, though they may
// carry its text (EXPLAIN ANALYZE, CREATE TABLE AS).
int utility_depth = 0;

// A statement of the message itself, not of a function that it called: those have texts of their
// own.
bool is_of_message(const char* text) noexcept {
  return Step::current() && utility_depth == 0 && text == debug_query_string;
}

void describe(void*) noexcept {
  if (Step* step = Step::current()) step->describe_error();
}

ErrorContextCallback context{nullptr, describe, nullptr};

bool context_is_set() noexcept {
  for (ErrorContextCallback* at = error_context_stack; at; at = at->previous)
    if (at == &context) return true;
  return false;
}

// Errors of parse analysis come before any hook, so the line of context must be set between
// statements: when begin_step's own query has ended, outside of every PG_TRY that would take it off
// again. An error empties the stack, as does the end of the step.
void set_context() noexcept {
  if (context_is_set()) return;
  context.previous = error_context_stack;
  error_context_stack = &context;
}

void unset_context() noexcept {
  if (error_context_stack == &context) error_context_stack = context.previous;
}

void start(QueryDesc* query, int flags) {
  if (is_of_message(query->sourceText))
    enter([&] {
      Step::current()->statement_begins(
          query->plannedstmt, CreateCommandTag(reinterpret_cast<Node*>(query->plannedstmt)));
    });
  (next_start ? next_start : standard_ExecutorStart)(query, flags);
}

void end(QueryDesc* query) {
  bool ours = is_of_message(query->sourceText);
  std::uint64_t rows = ours && query->estate ? query->estate->es_processed : 0;
  (next_end ? next_end : standard_ExecutorEnd)(query);
  if (ours) enter([&] { Step::current()->statement_ends(rows); });
  if (utility_depth > 0) return;
  if (Step::current())
    set_context();
  else
    unset_context();
}

// Runs the statement with the depth counted, whatever comes out of it.
void pass_utility(PlannedStmt* statement, const char* text, bool read_only,
                  ProcessUtilityContext level, ParamListInfo parameters,
                  QueryEnvironment* environment, DestReceiver* destination,
                  QueryCompletion* completion) {
  ++utility_depth;
  PG_TRY();
  {
    (next_utility ? next_utility : standard_ProcessUtility)(
        statement, text, read_only, level, parameters, environment, destination, completion);
  }
  PG_FINALLY();
  { --utility_depth; }
  PG_END_TRY();
}

void utility(PlannedStmt* statement, const char* text, bool read_only, ProcessUtilityContext level,
             ParamListInfo parameters, QueryEnvironment* environment, DestReceiver* destination,
             QueryCompletion* completion) {
  Node* node = statement->utilityStmt;
  enter([&] { strict::check(node); });
  if (IsA(node, DeclareCursorStmt)) cursors::declared(castNode(DeclareCursorStmt, node)->options);
  if (!Step::current())
    return (next_utility ? next_utility : standard_ProcessUtility)(
        statement, text, read_only, level, parameters, environment, destination, completion);
  bool ours = is_of_message(text);
  if (ours)
    enter([&] {
      Step::current()->statement_begins(statement, CreateCommandTag(node));
      if (IsA(node, TransactionStmt))
        Step::current()->refuse_transaction_control(castNode(TransactionStmt, node));
    });
  pass_utility(statement, text, read_only, level, parameters, environment, destination, completion);
  if (ours && Step::current())
    enter([&] { Step::current()->statement_ends(completion ? completion->nprocessed : 0); });
}

// A column that is added is an object created within the relation.
bool changes(ObjectAccessType event, int sub_object) noexcept {
  return event == OAT_DROP || event == OAT_POST_ALTER || event == OAT_TRUNCATE ||
         (event == OAT_POST_CREATE && sub_object != 0);
}

void access(ObjectAccessType event, Oid catalog, Oid object, int sub_object, void* argument) {
  if (next_access) next_access(event, catalog, object, sub_object, argument);
  Step* step = Step::current();
  if (!step || !changes(event, sub_object)) return;
  if (catalog == TriggerRelationId)
    enter([&] { step->trigger_is_altered(object); });
  else if (catalog == RelationRelationId && event == OAT_DROP && sub_object == 0)
    enter([&] { step->relation_is_dropped(object); });
  else if (catalog == RelationRelationId)
    enter([&] { step->relation_is_altered(object); });
}

void at_transaction_end(XactEvent event, void*) {
  switch (event) {
    case XACT_EVENT_PRE_COMMIT:
    case XACT_EVENT_PRE_PREPARE:
      enter([] {
        Step::before_commit();
        identity::before_commit();
      });
      break;
    case XACT_EVENT_ABORT:
      Step::after_abort();
      identity::forget();
      break;
    case XACT_EVENT_COMMIT:
      Step::after_commit();
      identity::forget();
      break;
    case XACT_EVENT_PREPARE:
      identity::forget();
      break;
    default:
      break;
  }
}

void at_subtransaction_end(SubXactEvent event, SubTransactionId which, SubTransactionId, void*) {
  if (event == SUBXACT_EVENT_COMMIT_SUB || event == SUBXACT_EVENT_ABORT_SUB)
    identity::subtransaction_ended(which);
}

}  // namespace

void install_hooks() {
  next_utility = ProcessUtility_hook;
  ProcessUtility_hook = utility;
  next_start = ExecutorStart_hook;
  ExecutorStart_hook = start;
  next_end = ExecutorEnd_hook;
  ExecutorEnd_hook = end;
  next_access = object_access_hook;
  object_access_hook = access;
  RegisterXactCallback(at_transaction_end, nullptr);
  RegisterSubXactCallback(at_subtransaction_end, nullptr);
}

}  // namespace steward
