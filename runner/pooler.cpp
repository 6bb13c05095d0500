#include "runner/pooler.h"

#include <chrono>

namespace steward::pooler {
namespace {

constexpr std::chrono::seconds patience{2};

std::int64_t process(pg::Connection& connection) {
  return connection.query("SELECT pg_catalog.pg_backend_pid()").number(0, 0);
}

// The process that serves another connection's transaction, which is left open; 0: it was not given
// one in time, as by a pooler in session mode that has no more.
std::int64_t process_of_transaction(pg::Connection& other) {
  other.send("BEGIN; SELECT pg_catalog.pg_backend_pid()");
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!other.wait(std::chrono::milliseconds(50)))
    if (std::chrono::steady_clock::now() > deadline) return 0;
  std::int64_t found = 0;
  while (const std::optional<pg::Result> result = other.next())
    if (result->kind == pg::Result::Kind::rows && !result->rows.empty())
      found = result->rows.number(0, 0);
  return found;
}

bool changes(pg::Connection& connection, std::int64_t mine) {
  for (int i = 0; i < 3; ++i)
    if (process(connection) != mine) return true;
  return false;
}

std::string without(std::string text, const std::string& part) {
  const std::size_t at = text.find(part);
  return at == std::string::npos ? text : text.erase(at, part.size());
}

std::string value_of(const url::Target& target, std::string_view key) {
  const std::string* value = target.find(key);
  return value == nullptr ? std::string{} : *value;
}

bool is_pooler_port(const std::string& port) {
  return port == "6432" || port == "6543";
}

}  // namespace

bool shares_sessions(pg::Connection& connection, const Connect& connect) {
  const std::int64_t mine = process(connection);
  if (mine == connection.backend_pid()) return false;
  if (changes(connection, mine)) return true;
  // A session that is ours is nobody else's. The transaction ends with the connection.
  pg::Connection other = connect();
  return process_of_transaction(other) == mine || changes(connection, mine);
}

bool looks_pooled(const url::Target& target) {
  return target.pooled || is_pooler_port(value_of(target, "port")) ||
         value_of(target, "host").find("-pooler") != std::string::npos;
}

std::string direct_url(const url::Target& target) {
  url::Target direct = target;
  direct.pooled = false;
  if (is_pooler_port(value_of(target, "port"))) direct.set("port", "5432");
  if (const std::string host = value_of(target, "host"); !host.empty())
    direct.set("host", without(host, "-pooler"));
  return url::redacted(direct);
}

}  // namespace steward::pooler
