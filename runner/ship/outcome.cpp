#include "runner/ship/outcome.h"

#include <thread>

#include "runner/error.h"
#include "runner/signals.h"

namespace steward::ship {
namespace {

constexpr std::chrono::milliseconds pause{250};

// The number of steps recorded, or nothing while the lost session may still write.
std::optional<std::size_t> look(pg::Connection& connection, const std::string& run) {
  // The transaction's lock, not the session's: a pooler would keep that for ever.
  connection.run("BEGIN");
  pg::Rows locked =
      connection.query("SELECT pg_catalog.pg_try_advisory_xact_lock(steward.lock_key())");
  if (!locked.flag(0, 0)) {
    connection.run("ROLLBACK");
    return std::nullopt;
  }
  pg::Rows rows = connection.query(
      "SELECT count(*) FROM steward.ledger WHERE run = $1 AND action IN ('upgrade', 'downgrade')",
      {run});
  connection.run("ROLLBACK");
  return static_cast<std::size_t>(rows.number(0, 0));
}

}  // namespace

std::size_t recorded_steps(const Connect& connect, const std::string& run,
                           std::chrono::milliseconds patience) {
  auto deadline = std::chrono::steady_clock::now() + patience;
  std::string reason = "the session that was lost still holds the runner lock";
  do {
    try {
      pg::Connection connection = connect();
      if (auto steps = look(connection, run)) return *steps;
    } catch (const Error& error) {  // not up yet, or lost again: said below when time is up
      reason = error.what();
    }
    signals::check();
    std::this_thread::sleep_for(pause);
  } while (std::chrono::steady_clock::now() < deadline);
  throw Error(Exit::unknown, "outcome_unknown",
              "the connection was lost and the outcome could not be learned", reason,
              "When the server is back: steward status");
}

}  // namespace steward::ship
