#include "extension/guard.h"

#include "extension/guard/excerpt.h"
#include "extension/guard/target.h"
#include "extension/step.h"

namespace steward::guard {
namespace {

// After so many in one transaction the statements are counted, not listed: a restore has many more.
constexpr std::size_t most_listed = 1000;

struct Change {
  SubTransactionId subtransaction;
  const char* tag;
  std::string text;
  std::vector<std::string> objects;
  std::string role;
  std::string reason;
  TimestampTz at;
};

std::vector<Change>* changes = nullptr;

Statement is_waived{
    "SELECT steward.is_guard_waived($1, $2, $3)", 3, {TEXTOID, TEXTARRAYOID, TEXTOID}, nullptr};
Statement client{
    "SELECT COALESCE(pg_catalog.host(pg_catalog.inet_client_addr()), 'a local client')",
    0,
    {},
    nullptr};

bool is_installed() {
  return OidIsValid(call([] { return get_extension_oid("pg_steward", true); }));
}

// By the server's own classification, but for what is nothing of this database's schema, what
// changes rows alone, and what only names a statement that comes by itself.
bool is_ddl(Node* node) noexcept {
  switch (nodeTag(node)) {
    case T_AlterSystemStmt:
    case T_CreatedbStmt:
    case T_DropdbStmt:
    case T_CreateTableSpaceStmt:
    case T_DropTableSpaceStmt:
    case T_AlterTableSpaceOptionsStmt:
    case T_RefreshMatViewStmt:
    case T_PrepareStmt:
    case T_ExecuteStmt:
      return false;
    default:
      return GetCommandLogLevel(node) <= LOGSTMT_DDL;
  }
}

// The parts of a statement, and of an extension's script, are the doing of the statement they are
// of; what the server will refuse by itself it refuses better.
bool is_looked_at(Node* node, ProcessUtilityContext level) {
  return mode() != Mode::off && level != PROCESS_UTILITY_SUBCOMMAND && is_ddl(node) &&
         !Step::current() && !creating_extension && !IsBinaryUpgrade && !XactReadOnly &&
         !RecoveryInProgress() && is_installed();
}

Datum text_array(const std::vector<std::string>& texts) {
  std::vector<Datum> values;
  for (const std::string& text : texts) values.push_back(text_datum(text));
  Datum* first = values.data();
  int count = static_cast<int>(values.size());
  return call([&] {
    return PointerGetDatum(construct_array(first, count, TEXTOID, -1, false, TYPALIGN_INT));
  });
}

bool is_free(const char* tag, const Targets& targets) {
  if (targets.temporary()) return true;
  std::vector<std::string> schemas;
  for (const Target& target : targets.all) schemas.push_back(target.schema);
  Spi spi;
  Datum values[] = {text_datum(tag), text_array(schemas), text_datum(targets.partitioned)};
  is_waived.execute(values);
  return first_text(1) == "t";
}

std::string role_name(Oid role) {
  return call([&] { return GetUserNameFromId(role, false); });
}

std::string client_name() {
  Spi spi;
  client.execute(nullptr);
  return first_text(1).value_or("");
}

Change change_of(const PlannedStmt* statement, const char* tag, const char* text,
                 const Targets& targets) {
  Change change{GetCurrentSubTransactionId(), tag,
                excerpt(statement, text),     {},
                role_name(GetUserId()),       std::string(reason()),
                GetCurrentTimestamp()};
  for (const Target& target : targets.all) change.objects.push_back(target.text());
  return change;
}

// The refusal takes its transaction with it, so that no row can tell of it: the server's log does.
void log_refusal(const Change& change) {
  std::string where = client_name();
  std::string who = role_name(GetSessionUserId());
  const char* from = where.c_str();
  const char* login = who.c_str();
  call([&] {
    ereport(
        LOG_SERVER_ONLY,
        errmsg("the guard refused %s by hand, by role \"%s\" (logged in as \"%s\") from %s, "
               "application \"%s\": %s",
               change.tag, change.role.c_str(), login, from, application_name, change.text.c_str()),
        errhidestmt(true), errhidecontext(true));
  });
}

[[noreturn]] void refuse(const Change& change, const Node* node) {
  log_refusal(change);
  Error error("42501", std::string(change.tag) + " by hand is refused in this database",
              has_lasting_reason()
                  ? "steward.break_glass is set, but only SET LOCAL in this transaction counts."
                  : "Its schema is changed by revisions (steward.guard is enforce).",
              "Write a revision: steward revision -m \"...\"; in an emergency, on the record: "
              "BEGIN; SET LOCAL steward.break_glass = 'the reason';");
  if (may_hold_secret(node)) error.hide_statement();
  throw error;
}

void warn(const Change& change) {
  const char* tag = change.tag;
  call([&] {
    ereport(WARNING, errmsg("%s by hand: it is recorded as unmanaged", tag),
            errhint("Write it as a revision: steward revision -m \"...\""), errhidestmt(true),
            errhidecontext(true));
  });
}

void remember(Change change) {
  if (!changes) changes = new std::vector<Change>;
  if (changes->size() >= most_listed) {
    change.text.clear();
    change.objects.clear();
  }
  changes->push_back(std::move(change));
}

std::string json_of(const Change& change, std::size_t number) {
  std::string objects;
  for (const std::string& object : change.objects)
    objects += (objects.empty() ? "" : ",") + json_string(object);
  std::string at = call([&] { return pstrdup(timestamptz_to_str(change.at)); });
  return "{\"n\":" + std::to_string(number) + ",\"tag\":" + json_string(change.tag) +
         ",\"statement\":" + json_string(change.text) + ",\"objects\":[" + objects +
         "],\"role\":" + json_string(change.role) + ",\"at\":" + json_string(at) +
         (change.reason.empty() ? "" : ",\"break_glass\":" + json_string(change.reason)) + "}";
}

std::string outcome_of(const std::vector<Change>& done) {
  std::string statements;
  std::size_t listed = std::min(done.size(), most_listed);
  for (std::size_t i = 0; i < listed; ++i)
    statements += (i == 0 ? "" : ",") + json_of(done[i], i + 1);
  const Change& first = done.front();
  std::string at = call([&] { return pstrdup(timestamptz_to_str(first.at)); });
  return "{\"action\":\"unmanaged\",\"acting_role\":" + json_string(first.role) +
         ",\"system_identifier\":" + std::to_string(GetSystemIdentifier()) +
         ",\"started_at\":" + json_string(at) + ",\"statements\":[" + statements + "]" +
         (listed == done.size()
              ? ""
              : ",\"detail\":{\"unlisted\":" + std::to_string(done.size() - listed) + "}") +
         "}";
}

std::string summary_of(const std::vector<Change>& done) {
  const Change& first = done.front();
  std::size_t others = done.size() - 1;
  return std::string(first.tag) + (first.objects.empty() ? "" : " " + first.objects.front()) +
         (others == 0 ? "" : " and " + std::to_string(others) + " more");
}

// A transaction that was made read-only meanwhile still says what it did before.
class Writable {
 public:
  Writable() { XactReadOnly = false; }
  ~Writable() { XactReadOnly = before_; }
  Writable(const Writable&) = delete;
  Writable& operator=(const Writable&) = delete;

 private:
  bool before_ = XactReadOnly;
};

// Whatever SQL is run by nobody, as at commit, needs a snapshot to run under.
class Snapshots {
 public:
  Snapshots() {
    call([] { PushActiveSnapshot(GetTransactionSnapshot()); });
  }
  ~Snapshots() {
    if (std::uncaught_exceptions() == in_flight_) PopActiveSnapshot();
  }
  Snapshots(const Snapshots&) = delete;
  Snapshots& operator=(const Snapshots&) = delete;

 private:
  int in_flight_ = std::uncaught_exceptions();  // while one passes, the abort takes it off
};

// A prepared transaction would keep the lock until somebody ends it, and an old snapshot does not
// see the chain's end.
bool can_chain(bool preparing) {
  return !preparing && !IsolationUsesXactSnapshot() && is_installed() && ledger::has_key() &&
         try_runner_lock(false);
}

// Only what was let through on the record alone fails for want of one.
void complain_of_no_ledger(const std::vector<Change>& done) {
  if (std::any_of(done.begin(), done.end(), [](const Change& one) { return !one.reason.empty(); }))
    throw Error(ledger_broken, "this database has no ledger to record " + summary_of(done) + " in",
                "steward.break_glass lets DDL through on the record alone.",
                "Take it up or make it: SELECT steward.install_ledger(); or, as a superuser: SET "
                "steward.guard = off;");
  call([] {
    ereport(WARNING, errmsg("DDL by hand was not recorded: this database has no ledger"),
            errhint("Take it up or make it: SELECT steward.install_ledger();"));
  });
}

}  // namespace

void check(const PlannedStmt* statement, const char* text, ProcessUtilityContext level) {
  Node* node = statement->utilityStmt;
  if (!is_looked_at(node, level)) return;
  const char* tag = GetCommandTagName(CreateCommandTag(node));
  Targets targets = targets_of(node);
  if (is_free(tag, targets)) return;
  Change change = change_of(statement, tag, text, targets);
  if (change.reason.empty()) mode() == Mode::enforce ? refuse(change, node) : warn(change);
  remember(std::move(change));
}

void before_commit(bool preparing) {
  if (!changes || changes->empty()) return;
  std::vector<Change> done;
  done.swap(*changes);
  if (!ledger::is_writable()) return complain_of_no_ledger(done);
  Writable writable;
  Snapshots snapshot;
  ledger::append_unmanaged("{\"message\":" + json_string(summary_of(done)) + "}", outcome_of(done),
                           can_chain(preparing));
}

void forget() noexcept {
  if (changes) changes->clear();
}

void subtransaction_ended(SubTransactionId which, SubTransactionId parent, bool aborted) noexcept {
  if (!changes || changes->empty()) return;
  if (aborted)
    std::erase_if(*changes, [&](const Change& one) { return one.subtransaction == which; });
  else
    for (Change& one : *changes)
      if (one.subtransaction == which) one.subtransaction = parent;
}

}  // namespace steward::guard
