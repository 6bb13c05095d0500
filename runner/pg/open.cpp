#include "runner/pg/open.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <new>
#include <vector>

#include "runner/failure.h"

namespace steward::pg {
namespace {

using Clock = std::chrono::steady_clock;

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

// CockroachDB reports a server_version like PostgreSQL's, and this parameter of its own.
void refuse_others(PGconn* raw, const url::Target& target) {
  const char* version = PQparameterStatus(raw, "crdb_version");
  if (version == nullptr) return;
  throw Error(Exit::unreachable, "not_postgresql",
              "the server at " + url::redacted(target) + " is not PostgreSQL", version,
              "steward works with PostgreSQL 15 and later");
}

}  // namespace

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
  refuse_others(raw.get(), target);
  return raw;
}

}  // namespace steward::pg
