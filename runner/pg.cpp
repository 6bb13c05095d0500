#include "runner/pg.h"

#include <libpq-fe.h>
#include <poll.h>

#include <atomic>
#include <utility>

#include "runner/pg/adoption.h"
#include "runner/pg/open.h"
#include "runner/pg/results.h"
#include "runner/signals.h"

namespace steward::pg {
namespace {

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
  Adoption session;
  std::function<void(const Failure&)> receiver;
  std::vector<Failure> notices;
  long queries = 0;
};

Connection::Connection(const url::Target& target, const std::string& name) {
  Handle raw = open(target, name);
  state_ = std::make_unique<State>(std::move(raw));
}

Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

Rows Connection::query(std::string_view statement, const Parameters& parameters) {
  ++state_->queries;
  try {
    return state_->session.query(std::string(statement), parameters);
  } catch (const Adoption::Refusal& refusal) {
    const Failure reason = parse_message(refusal.what());
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

std::optional<Result> Connection::next() {
  std::optional<Result> result = take_result(state_->raw);
  const bool lost = PQstatus(state_->raw) != CONNECTION_OK;
  if (!result && lost) state_->lost();
  if (result && result->kind == Result::Kind::error && (lost || ends_session(result->failure)))
    throw ConnectionLost(result->failure);
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

void Connection::copy_out(const std::string& statement,
                          const std::function<void(std::string_view)>& receiver) {
  ++state_->queries;
  state_->require(PQsendQuery(state_->raw, statement.c_str()) == 1);
  std::optional<Failure> failure;
  while (const std::optional<Result> result = take_result(state_->raw, receiver))
    if (result->kind == Result::Kind::error && !failure) failure = result->failure;
  if (PQstatus(state_->raw) != CONNECTION_OK) state_->lost();
  if (failure) throw QueryFailed(*failure);
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
