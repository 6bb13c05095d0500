#include "extension/step.h"

namespace steward {
namespace {

Step* open_step = nullptr;
bool session_locked = false;

// The run that found the schema as recorded when it began: only what it leaves may be recorded.
constexpr std::size_t longest_run = 128;
char vouched_run[longest_run + 1] = "";

void vouch_for(const std::string& run) noexcept {
  vouched_run[run.copy(vouched_run, longest_run)] = '\0';
}

std::string role_name(Oid role) {
  return call([&] { return GetUserNameFromId(role, false); });
}

std::string iso_time(TimestampTz time) {
  return call([&] { return pstrdup(timestamptz_to_str(time)); });
}

// jsonb that outlives the statement it came with.
Datum keep(Datum entry, MemoryContext memory) {
  return call([&] {
    MemoryContext before = MemoryContextSwitchTo(memory);
    Datum copy = PointerGetDatum(PG_DETOAST_DATUM_COPY(entry));
    MemoryContextSwitchTo(before);
    return copy;
  });
}

const char* statement_name(TransactionStmtKind kind) noexcept {
  switch (kind) {
    case TRANS_STMT_COMMIT:
      return "COMMIT";
    case TRANS_STMT_ROLLBACK:
      return "ROLLBACK";
    case TRANS_STMT_PREPARE:
      return "PREPARE TRANSACTION";
    case TRANS_STMT_COMMIT_PREPARED:
      return "COMMIT PREPARED";
    case TRANS_STMT_ROLLBACK_PREPARED:
      return "ROLLBACK PREPARED";
    case TRANS_STMT_BEGIN:
    case TRANS_STMT_START:
      return "BEGIN";
    default:
      return nullptr;  // savepoints stay inside the transaction
  }
}

bool is_success_or_warning(int sqlerrcode) noexcept {
  int category = ERRCODE_TO_CATEGORY(sqlerrcode);
  return category == ERRCODE_TO_CATEGORY(ERRCODE_SUCCESSFUL_COMPLETION) ||
         category == ERRCODE_TO_CATEGORY(ERRCODE_WARNING);
}

// The error's position is in characters of the message; lines are counted in bytes.
int byte_of_character(int position) noexcept {
  const char* p = debug_query_string;
  for (int i = 1; i < position && *p; ++i) p += pg_mblen(p);
  return static_cast<int>(p - debug_query_string);
}

}  // namespace

Step* Step::current() noexcept {
  return open_step;
}

Step::Step(Datum entry, const ledger::Checked& checked, MemoryContext memory)
    : checked_(checked),
      memory_(memory),
      entry_(keep(entry, memory)),
      transaction_(GetTopFullTransactionId()),
      started_(GetCurrentTimestamp()),
      wal_before_(pgWalUsage.wal_bytes),
      acting_role_(role_name(GetUserId())) {
  INSTR_TIME_SET_CURRENT(clock_);
  trace_.start();
}

Step::~Step() {
  MemoryContextDelete(memory_);
}

void Step::close() noexcept {
  delete open_step;
  open_step = nullptr;
}

void Step::statement_begins(const PlannedStmt* statement, CommandTag tag) {
  int line = position_.line_of(statement->stmt_location);
  position_.passed(statement->stmt_location, statement->stmt_len);
  trace_.begin(Position::message(), statement->stmt_location, line, tag);
}

void Step::refuse_transaction_control(const TransactionStmt* statement) const {
  const char* name = checked_.transactional ? statement_name(statement->kind) : nullptr;
  if (!name) return;
  throw Error(
      step_broken, std::string(name) + " inside a step is refused",
      "Revision \"" + checked_.revision + "\" runs in one transaction, which the runner commits.",
      "Take the statement out, or write transaction=off behind the section's marker.");
}

void Step::trigger_is_altered(Oid trigger) const {
  if (ledger::is_guard(trigger)) relation_is_altered(ledger::relation_if_any());
}

void Step::relation_is_altered(Oid relation) const {
  if (!ending_ && ledger::is_history(relation))
    throw Error("42501", "the ledger cannot be altered or dropped by a revision",
                "Revision \"" + checked_.revision + "\" would change the record of what was done.");
}

void Step::relation_is_dropped(Oid relation) {
  relation_is_altered(relation);
  trace_.dropping(relation);
}

void Step::describe_error() noexcept {
  if (ending_ || !debug_query_string || is_success_or_warning(geterrcode())) return;
  if (!position_.known()) {
    errcontext("revision %s, after statement %d, %s", checked_.revision.c_str(),
               trace_.number() - 1, checked_.file.c_str());
    return;
  }
  int position = geterrposition();
  int line = position > 0    ? position_.line_of(byte_of_character(position))
             : trace_.open() ? trace_.line()
                             : position_.line_of(position_.next());
  errcontext("revision %s, statement %d, %s:%d", checked_.revision.c_str(), trace_.number(),
             checked_.file.c_str(), line);
}

void Step::before_commit() {
  if (!open_step || !open_step->checked_.transactional) return;
  throw Error(step_broken,
              "the transaction of revision \"" + open_step->checked_.revision +
                  "\" would be committed without end_step",
              "begin_step opens a step that only end_step may close.",
              "Call it after BEGIN, and end_step before COMMIT.");
}

void Step::after_commit() noexcept {
  if (open_step) open_step->started_committed_ = true;
}

void Step::after_abort() noexcept {
  if (open_step && (open_step->checked_.transactional || !open_step->started_committed_)) close();
  if (open_step || !session_locked) return;
  session_locked = false;
  release_session_lock();
}

const std::string& Step::checksum_of(const std::string& direction) const {
  if (direction == "upgrade") return checked_.upgrade_checksum;
  if (direction == "downgrade") return checked_.downgrade_checksum;
  throw Error("22023",
              "keep_script: the direction is upgrade or downgrade, not \"" + direction + "\"");
}

double Step::milliseconds() const {
  instr_time now;
  INSTR_TIME_SET_CURRENT(now);
  INSTR_TIME_SUBTRACT(now, clock_);
  return INSTR_TIME_GET_MILLISEC(now);
}

std::string Step::outcome(const char* action, const std::string& detail) const {
  bool done = std::strcmp(action, "started") != 0;
  std::string out = std::string("{\"action\":\"") + action +
                    "\",\"acting_role\":" + json_string(acting_role_) +
                    ",\"system_identifier\":" + std::to_string(GetSystemIdentifier()) +
                    ",\"started_at\":" + json_string(iso_time(started_)) + ",\"detail\":" + detail;
  if (done)
    out += ",\"heads\":" + checked_.heads + ",\"duration_ms\":" + std::to_string(milliseconds()) +
           ",\"wal_bytes\":" + std::to_string(pgWalUsage.wal_bytes - wal_before_) +
           ",\"statements\":" + trace_.json();
  if (!fingerprint_.empty()) out += ",\"fingerprint\":" + json_string(fingerprint_);
  return out + "}";
}

// What the SQL functions do; a friend, so that the hooks see less.
class StepCalls {
 public:
  static Step& open() {
    if (!open_step)
      throw Error(step_order, "no step is open in this session", "",
                  "Begin one: steward.begin_step(...)");
    return *open_step;
  }
  static Datum begin(FunctionCallInfo fcinfo);
  static void continue_at(int line);
  static void keep_piece(const std::string& direction, Datum piece);
  static void mark(int number);
  // Also: how long the step took, in milliseconds.
  static ledger::Row end(double& took);
  static void abandon();

 private:
  static void refuse_bad_moment();
  static void record_start(Step& step, const std::string& detail);
  static void check_transaction(const Step& step);
  static void check_kept(const std::string& checksum, const Step::Kept& kept);
  static void warn_of_long_holds(const Step& step);
  static void release();
};

void StepCalls::refuse_bad_moment() {
  if (open_step)
    throw Error(
        step_order,
        "a step is already open in this session: revision \"" + open_step->checked_.revision + "\"",
        "", "Close it first: steward.end_step() or steward.abandon_step()");
  if (GetCurrentTransactionNestLevel() != 1)
    throw Error(step_order, "a step cannot begin inside a savepoint or a subtransaction", "",
                "Call begin_step right after BEGIN.");
}

void StepCalls::record_start(Step& step, const std::string& detail) {
  ledger::append(step.entry_, step.outcome("started", detail));
}

// Results wait in the server's buffer until the message ends or the buffer is full; a message of
// level INFO takes them along at once, so that the runner sees which step is under way. It also
// finds a client that is gone.
void give_sign_of_life(const std::string& revision) {
  constexpr int milliseconds_between = 200;
  static TimestampTz last_given = 0;
  TimestampTz now = GetCurrentTimestamp();
  if (!TimestampDifferenceExceeds(last_given, now, milliseconds_between)) return;
  last_given = now;
  const char* name = revision.c_str();
  call([&] {
    ereport(INFO, errcode(MAKE_SQLSTATE('0', '0', 'S', 'T', '0')),
            errmsg("revision %s begins", name), errhidestmt(true), errhidecontext(true));
  });
}

Datum StepCalls::begin(FunctionCallInfo fcinfo) {
  refuse_bad_moment();
  Datum entry = PG_GETARG_DATUM(0);
  take_runner_lock(false);
  ledger::Checked checked = ledger::check(entry);
  if (checked.transactional && !IsTransactionBlock())
    throw Error(step_order, "begin_step outside a transaction block", "", "Call it after BEGIN.");
  if (!checked.transactional && !session_locked) {
    take_runner_lock(true);
    session_locked = true;
  }
  if (checked.first) vouch_for(ledger::schema_is_as_recorded() ? checked.run : "");
  MemoryContext memory = call(
      [] { return AllocSetContextCreate(TopMemoryContext, "steward step", ALLOCSET_SMALL_SIZES); });
  open_step = new Step(entry, checked, memory);
  open_step->position_.set(checked.line);
  if (checked.progress) give_sign_of_life(checked.revision);
  if (checked.transactional) return FullTransactionIdGetDatum(open_step->transaction_);
  record_start(*open_step, "{}");
  fcinfo->isnull = true;
  return Datum(0);
}

void StepCalls::continue_at(int line) {
  open().trace_.discard();
  open().position_.set(line);
}

void StepCalls::keep_piece(const std::string& direction, Datum piece) {
  Step& step = open();
  step.trace_.discard();
  const std::string& checksum = step.checksum_of(direction);
  if (checksum.empty())
    throw Error("22023",
                "keep_script: the step named no checksum for its " + direction + " script");
  Step::Kept& kept = direction == "upgrade" ? step.kept_upgrade_ : step.kept_downgrade_;
  if (++kept.pieces == 1) kept.there_before = ledger::keeps(checksum);
  if (!kept.there_before) ledger::keep_piece(checksum, kept.pieces, piece);
}

void StepCalls::mark(int number) {
  Step& step = open();
  step.trace_.discard();
  if (step.checked_.transactional)
    throw Error(step_order, "mark_statement is for steps outside a transaction");
  record_start(step, "{\"statements_done\":" + std::to_string(number) + "}");
}

void StepCalls::check_transaction(const Step& step) {
  if (step.checked_.transactional &&
      !FullTransactionIdEquals(GetTopFullTransactionIdIfAny(), step.transaction_))
    throw Error(step_broken, "revision \"" + step.checked_.revision +
                                 "\" did not stay in the transaction it began in");
  if (!holds_runner_lock())
    throw Error(step_broken,
                "the runner lock was lost during revision \"" + step.checked_.revision + "\"");
}

void StepCalls::check_kept(const std::string& checksum, const Step::Kept& kept) {
  if (kept.pieces == 0 || kept.there_before) return;
  if (ledger::checksum_of_pieces(checksum, kept.pieces) != checksum)
    throw Error("22023", "the pieces kept of a script do not have its checksum, " + checksum);
}

// After the fact, and before the locks go: what others have been waiting for.
void StepCalls::warn_of_long_holds(const Step& step) {
  constexpr double milliseconds_worth_telling = 1000;
  for (const std::string& hold : step.trace_.long_holds(milliseconds_worth_telling)) {
    const char* revision = step.checked_.revision.c_str();
    const char* what = hold.c_str();
    call([&] {
      ereport(WARNING, errmsg("revision %s held %s", revision, what), errhidestmt(true),
              errhidecontext(true));
    });
  }
}

void StepCalls::release() {
  Step::close();
  if (!session_locked) return;
  session_locked = false;
  release_session_lock();
}

ledger::Row StepCalls::end(double& took) {
  Step& step = open();
  step.trace_.discard();
  check_transaction(step);
  step.ending_ = true;
  check_kept(step.checked_.upgrade_checksum, step.kept_upgrade_);
  check_kept(step.checked_.downgrade_checksum, step.kept_downgrade_);
  const std::string& run = step.checked_.run;
  if (step.checked_.last && !run.empty() && run == vouched_run)
    step.fingerprint_ = ledger::fingerprint();
  ledger::Row row =
      ledger::append(step.entry_, step.outcome(step.checked_.direction.c_str(), "null"));
  took = step.milliseconds();
  if (step.checked_.transactional) warn_of_long_holds(step);
  release();
  return row;
}

void StepCalls::abandon() {
  if (open_step) release();
}

}  // namespace steward

STEWARD_FUNCTION(steward_begin_step) {
  return steward::StepCalls::begin(fcinfo);
}

STEWARD_FUNCTION(steward_continue_step) {
  steward::StepCalls::continue_at(PG_GETARG_INT32(0));
  PG_RETURN_VOID();
}

STEWARD_FUNCTION(steward_keep_script) {
  char* direction = steward::call([&] { return text_to_cstring(PG_GETARG_TEXT_PP(0)); });
  steward::StepCalls::keep_piece(direction, PG_GETARG_DATUM(1));
  PG_RETURN_VOID();
}

STEWARD_FUNCTION(steward_mark_statement) {
  steward::StepCalls::mark(PG_GETARG_INT32(0));
  PG_RETURN_VOID();
}

STEWARD_FUNCTION(steward_end_step) {
  double took = 0;
  steward::ledger::Row row = steward::StepCalls::end(took);
  return steward::call([&] {
    TupleDesc shape;
    if (get_call_result_type(fcinfo, nullptr, &shape) != TYPEFUNC_COMPOSITE)
      elog(ERROR, "end_step returns a row");
    Datum values[3] = {Int64GetDatum(row.seq), CStringGetTextDatum(row.hash.c_str()),
                       Float8GetDatum(took)};
    bool nulls[3] = {false, false, false};
    return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(shape), values, nulls));
  });
}

STEWARD_FUNCTION(steward_abandon_step) {
  steward::StepCalls::abandon();
  PG_RETURN_VOID();
}
