#include "runner/pg.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <pqxx/pqxx>
#include <utility>

#include "runner/signals.h"

namespace steward::pg {
namespace {

using Clock = std::chrono::steady_clock;
using Handle = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using ResultHandle = std::unique_ptr<PGresult, decltype(&PQclear)>;

// libpqxx over a connection that libpq has opened; it owns it from then on.
#if PQXX_VERSION_MAJOR < 7
class Adoption : public pqxx::connectionpolicy {
 public:
  explicit Adoption(PGconn* raw) : connectionpolicy(std::string{}), raw_(raw) {}
  handle do_startconnect(handle now) override {
    if (now != nullptr) return now;
    // A second time would be libpqxx connecting again by itself, which must never happen unseen.
    if (raw_ == nullptr) throw pqxx::broken_connection("the connection is closed");
    return std::exchange(raw_, nullptr);
  }
  handle do_completeconnect(handle now) override { return now; }
  bool is_ready(handle) const noexcept override { return true; }

 private:
  PGconn* raw_;
};

class Session : public pqxx::connection_base {
 public:
  explicit Session(PGconn* raw) : connection_base(policy_), policy_(raw) { init(); }
  ~Session() { close(); }

 private:
  Adoption policy_;
};

pqxx::result execute(pqxx::nontransaction& transaction, const std::string& statement,
                     const Parameters& parameters) {
  std::vector<const char*> values;
  for (const auto& value : parameters) values.push_back(value ? value->c_str() : nullptr);
  return transaction.exec_params(statement, pqxx::prepare::make_dynamic_params(values));
}
#else
class Session : public pqxx::connection {
 public:
  explicit Session(PGconn* raw) : connection(seize_raw_connection(raw)) {}
};

pqxx::result execute(pqxx::nontransaction& transaction, const std::string& statement,
                     const Parameters& parameters) {
  pqxx::params values;
  for (const auto& value : parameters)
    if (value)
      values.append(*value);
    else
      values.append();
  return transaction.exec(statement, values);
}
#endif

Rows copied(const pqxx::result& result) {
  std::vector<std::string> columns;
  for (pqxx::row_size_type i = 0; i < result.columns(); ++i)
    columns.emplace_back(result.column_name(i));
  Rows rows(std::move(columns));
  for (pqxx::result_size_type r = 0; r < result.size(); ++r)
    for (pqxx::row_size_type c = 0; c < result.columns(); ++c) {
      const char* value = result[r][c].c_str();
      const auto size = static_cast<std::size_t>(result[r][c].size());
      rows.add(result[r][c].is_null() ? std::nullopt
                                      : std::optional(std::string_view(value, size)));
    }
  return rows;
}

std::string field(const PGresult* result, int code) {
  const char* value = PQresultErrorField(result, code);
  return value == nullptr ? std::string{} : std::string{value};
}

Failure failure_of(const PGresult* result) {
  Failure failure;
  failure.sqlstate = field(result, PG_DIAG_SQLSTATE);
  if (failure.sqlstate.empty()) return parse_message(PQresultErrorMessage(result));  // libpq's own
  failure.severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  failure.message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  failure.detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  failure.hint = field(result, PG_DIAG_MESSAGE_HINT);
  failure.context = field(result, PG_DIAG_CONTEXT);
  failure.position = std::atol(field(result, PG_DIAG_STATEMENT_POSITION).c_str());
  failure.schema = field(result, PG_DIAG_SCHEMA_NAME);
  failure.table = field(result, PG_DIAG_TABLE_NAME);
  failure.column = field(result, PG_DIAG_COLUMN_NAME);
  failure.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
  return failure;
}

// After FATAL the server ends the session, whatever libpq has noticed of it so far.
bool ends_session(const Failure& failure) {
  return failure.severity == "FATAL" || failure.severity == "PANIC";
}

void append_row(const PGresult* result, Rows& rows) {
  for (int row = 0; row < PQntuples(result); ++row) {
    if (rows.size() >= row_limit) return;
    for (int column = 0; column < PQnfields(result); ++column) {
      const auto size = static_cast<std::size_t>(PQgetlength(result, row, column));
      const std::string_view value(PQgetvalue(result, row, column), size);
      rows.add(PQgetisnull(result, row, column) ? std::nullopt : std::optional(value));
    }
  }
}

Rows empty_rows(const PGresult* result) {
  std::vector<std::string> columns;
  for (int i = 0; i < PQnfields(result); ++i) columns.emplace_back(PQfname(result, i));
  return Rows(std::move(columns));
}

// Keywords and values as libpq takes them: two arrays that end in nullptr.
class Keywords {
 public:
  void add(const char* key, const char* value) {
    keys_.push_back(key);
    values_.push_back(value);
  }
  const char* const* keys() { return terminated(keys_); }
  const char* const* values() { return terminated(values_); }

 private:
  static const char* const* terminated(std::vector<const char*>& list) {
    if (list.empty() || list.back() != nullptr) list.push_back(nullptr);
    return list.data();
  }
  std::vector<const char*> keys_;
  std::vector<const char*> values_;
};

constexpr const char* default_timeout = "10";

// What the target says, with our defaults under it and what must be above it.
Keywords keywords_of(const url::Target& target, const std::string& name) {
  Keywords keywords;
  if (std::getenv("PGCONNECT_TIMEOUT") == nullptr) keywords.add("connect_timeout", default_timeout);
  keywords.add("keepalives_idle", "30");
  keywords.add("keepalives_interval", "10");
  keywords.add("keepalives_count", "4");
  for (const url::Setting& setting : target.settings)
    keywords.add(setting.key.c_str(), setting.value.c_str());
  keywords.add("fallback_application_name", name.c_str());
  keywords.add("client_encoding", "UTF8");
  return keywords;
}

std::string effective(const url::Target& target, const char* key, const char* variable,
                      const char* otherwise) {
  if (const std::string* value = target.find(key)) return *value;
  const char* value = std::getenv(variable);
  return value != nullptr ? value : otherwise;
}

int timeout_seconds(const url::Target& target) {
  const int seconds =
      std::atoi(effective(target, "connect_timeout", "PGCONNECT_TIMEOUT", default_timeout).c_str());
  return seconds <= 0 ? 0 : std::max(seconds, 2);  // as libpq: 0 waits for ever, 1 is taken as 2
}

// Waits for what PQconnectPoll asked for. False when the time is over.
bool wait_for(PGconn* raw, PostgresPollingStatusType what, Clock::time_point deadline) {
  pollfd socket{PQsocket(raw), static_cast<short>(what == PGRES_POLLING_READING ? POLLIN : POLLOUT),
                0};
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return false;
    const int ready = poll(&socket, 1, static_cast<int>(std::min<long>(left.count(), 60000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

// Opens step by step instead of with PQconnectdbParams: only so can the verbosity be raised before
// the server answers, and the SQLSTATE of a refusal be read. Returns libpq's message; empty: it is
// open.
std::string complete(PGconn* raw, int seconds) {
  PQsetErrorVerbosity(raw, PQERRORS_VERBOSE);
  const auto limit = seconds == 0 ? std::chrono::hours(24) : std::chrono::seconds(seconds);
  const Clock::time_point deadline = Clock::now() + limit;
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  while (PQstatus(raw) != CONNECTION_BAD && status != PGRES_POLLING_OK) {
    if (status == PGRES_POLLING_FAILED) break;
    if (!wait_for(raw, status, deadline)) return "timeout expired";
    status = PQconnectPoll(raw);
  }
  return PQstatus(raw) == CONNECTION_OK ? std::string{} : PQerrorMessage(raw);
}

// Several hosts are tried in turn, each with its own timeout, which only libpq's blocking call
// does.
bool names_several_hosts(const url::Target& target) {
  return effective(target, "host", "PGHOST", "").find(',') != std::string::npos ||
         effective(target, "hostaddr", "PGHOSTADDR", "").find(',') != std::string::npos;
}

Handle open(const url::Target& target, const std::string& name) {
  Keywords keywords = keywords_of(target, name);
  const bool several = names_several_hosts(target);
  Handle raw(several ? PQconnectdbParams(keywords.keys(), keywords.values(), 0)
                     : PQconnectStartParams(keywords.keys(), keywords.values(), 0),
             &PQfinish);
  if (!raw) throw std::bad_alloc();
  std::string message;
  if (!several)
    message = complete(raw.get(), timeout_seconds(target));
  else if (PQstatus(raw.get()) != CONNECTION_OK)
    message = PQerrorMessage(raw.get());
  if (!message.empty())
    throw connection_error(url::masked(message, url::secrets(target)),
                           target.settings.empty() ? "the server" : url::redacted(target));
  PQsetErrorVerbosity(raw.get(), PQERRORS_VERBOSE);
  return raw;
}

// CockroachDB reports a server_version like PostgreSQL's, and this parameter of its own.
void refuse_others(PGconn* raw, const url::Target& target) {
  const char* version = PQparameterStatus(raw, "crdb_version");
  if (version == nullptr) return;
  throw Error(Exit::unreachable, "not_postgresql",
              "the server at " + url::redacted(target) + " is not PostgreSQL", version,
              "steward works with PostgreSQL 15 and later");
}

// What the signal handler cancels: the newest connection's query. PQcancel may be called there.
std::atomic<PGcancel*> cancellable{nullptr};

void cancel_from_signal() {
  char unused[64];
  if (PGcancel* request = cancellable.load()) PQcancel(request, unused, sizeof unused);
}

}  // namespace

struct Connection::State {
  explicit State(Handle opened)
      : raw(opened.get()), cancel_request(PQgetCancel(raw)), session(opened.release()) {
    // After libpqxx has installed its own.
    PQsetNoticeReceiver(raw, &State::receive_notice, this);
    cancellable.store(cancel_request);
    signals::on_signal(&cancel_from_signal);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    PGcancel* mine = cancel_request;
    cancellable.compare_exchange_strong(mine, nullptr);
    PQfreeCancel(cancel_request);
  }

  static void receive_notice(void* self, const PGresult* result) {
    auto* state = static_cast<State*>(self);
    const Failure notice = failure_of(result);
    if (state->receiver)
      state->receiver(notice);
    else
      state->notices.push_back(notice);
  }

  // libpq's last message as the reason why nothing can be done any more.
  [[noreturn]] void lost() const { throw ConnectionLost(parse_message(PQerrorMessage(raw))); }

  void require(bool done) const {
    if (!done) lost();
  }

  PGconn* raw;
  PGcancel* cancel_request;
  Session session;
  std::function<void(const Failure&)> receiver;
  std::vector<Failure> notices;
  long queries = 0;
};

Connection::Connection(const url::Target& target, const std::string& name) {
  Handle raw = open(target, name);
  refuse_others(raw.get(), target);
  state_ = std::make_unique<State>(std::move(raw));
}

Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

Rows Connection::query(std::string_view statement, const Parameters& parameters) {
  ++state_->queries;
  try {
    pqxx::nontransaction transaction(state_->session);
    return copied(execute(transaction, std::string(statement), parameters));
  } catch (const pqxx::failure& failure) {
    const Failure reason = parse_message(failure.what());
    if (PQstatus(state_->raw) != CONNECTION_OK || ends_session(reason))
      throw ConnectionLost(reason);
    throw QueryFailed(reason);
  }
}

void Connection::send(const std::string& message) {
  ++state_->queries;
  state_->require(PQsendQuery(state_->raw, message.c_str()) == 1);
  // Rows come one by one, so that a script that selects a million of them needs no memory for them.
  PQsetSingleRowMode(state_->raw);
}

namespace {

// Reads and drops what a COPY ... TO STDOUT sends.
void drop_copy_data(PGconn* raw) {
  char* line = nullptr;
  while (PQgetCopyData(raw, &line, 0) > 0) PQfreemem(line);
}

Result result_of_kind(Result::Kind kind) {
  Result result;
  result.kind = kind;
  return result;
}

// The rest of a result whose first row has come.
Result collect_rows(PGconn* raw, ResultHandle row) {
  Result result = result_of_kind(Result::Kind::rows);
  result.rows = empty_rows(row.get());
  while (row && PQresultStatus(row.get()) == PGRES_SINGLE_TUPLE) {
    append_row(row.get(), result.rows);
    row.reset(PQgetResult(raw));
  }
  if (row && PQresultStatus(row.get()) == PGRES_TUPLES_OK) {
    result.tag = PQcmdStatus(row.get());
    return result;
  }
  result.kind = Result::Kind::error;
  if (row) result.failure = failure_of(row.get());
  return result;
}

}  // namespace

std::optional<Result> Connection::next() {
  ResultHandle handle(PQgetResult(state_->raw), &PQclear);
  if (!handle) {
    if (PQstatus(state_->raw) != CONNECTION_OK) state_->lost();
    return std::nullopt;
  }
  Result result;
  switch (PQresultStatus(handle.get())) {
    case PGRES_COPY_IN:
      result.kind = Result::Kind::copy_in;
      break;
    case PGRES_COPY_OUT:
      result.kind = Result::Kind::copy_out;
      drop_copy_data(state_->raw);
      break;
    case PGRES_SINGLE_TUPLE:
    case PGRES_TUPLES_OK:
      result = collect_rows(state_->raw, std::move(handle));
      break;
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
      result.tag = PQcmdStatus(handle.get());
      break;
    default:
      result.kind = Result::Kind::error;
      result.failure = failure_of(handle.get());
  }
  const bool lost = PQstatus(state_->raw) != CONNECTION_OK || ends_session(result.failure);
  if (result.kind == Result::Kind::error && lost) throw ConnectionLost(result.failure);
  return result;
}

bool Connection::wait(std::chrono::milliseconds limit) {
  if (PQisBusy(state_->raw) == 0) return true;
  pollfd socket{PQsocket(state_->raw), POLLIN, 0};
  if (poll(&socket, 1, static_cast<int>(limit.count())) <= 0) return false;
  state_->require(PQconsumeInput(state_->raw) == 1);
  return PQisBusy(state_->raw) == 0;
}

void Connection::copy_data(std::string_view rows) {
  state_->require(PQputCopyData(state_->raw, rows.data(), static_cast<int>(rows.size())) == 1);
}

void Connection::end_copy() {
  state_->require(PQputCopyEnd(state_->raw, nullptr) == 1);
}

void Connection::fail_copy(const std::string& reason) {
  state_->require(PQputCopyEnd(state_->raw, reason.c_str()) == 1);
}

void Connection::run(const std::string& message) {
  send(message);
  std::optional<Failure> failure;
  while (const std::optional<Result> result = next())
    if (result->kind == Result::Kind::error && !failure) failure = result->failure;
  if (failure) throw QueryFailed(*failure);
}

void Connection::on_notice(std::function<void(const Failure&)> receiver) {
  state_->receiver = std::move(receiver);
}

const std::vector<Failure>& Connection::notices() const {
  return state_->notices;
}

void Connection::cancel() noexcept {
  char unused[64];
  PQcancel(state_->cancel_request, unused, sizeof unused);
}

Transaction Connection::transaction() const noexcept {
  switch (PQtransactionStatus(state_->raw)) {
    case PQTRANS_IDLE:
      return Transaction::idle;
    case PQTRANS_ACTIVE:
      return Transaction::active;
    case PQTRANS_INTRANS:
      return Transaction::in_transaction;
    case PQTRANS_INERROR:
      return Transaction::failed;
    default:
      return Transaction::unknown;
  }
}

int Connection::backend_pid() const noexcept {
  return PQbackendPID(state_->raw);
}

int Connection::server_version() const noexcept {
  return PQserverVersion(state_->raw);
}

std::string Connection::parameter(const char* name) const {
  const char* value = PQparameterStatus(state_->raw, name);
  return value == nullptr ? std::string{} : std::string{value};
}

std::string Connection::database() const {
  return PQdb(state_->raw);
}
std::string Connection::user() const {
  return PQuser(state_->raw);
}

std::string Connection::where() const {
  const std::string host = PQhost(state_->raw);
  const bool socket = host.empty() || host.front() == '/';
  return socket ? "socket " + host + ", database " + database()
                : host + ":" + PQport(state_->raw) + "/" + database();
}

long Connection::queries() const noexcept {
  return state_->queries;
}

}  // namespace steward::pg
