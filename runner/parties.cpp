#include "runner/parties.h"

#include <cstdlib>

#include "runner/report/progress.h"
#include "runner/sql.h"
#include "runner/terminal.h"
#include "runner/text.h"

namespace steward::parties {
namespace {

constexpr std::size_t longest_query = 120;

// What is told of a session; %1 is since when it counts.
std::string columns(const std::string& since) {
  return "SELECT a.pid, coalesce(a.usename, ''),"
         " CASE WHEN a.backend_type = 'client backend' THEN a.application_name"
         " ELSE a.backend_type END, coalesce(a.state, 'active'),"
         " extract(epoch FROM pg_catalog.clock_timestamp() - coalesce(" +
         since + ", a.state_change)) * 1000, a.query, ";
}

Parties ask(pg::Connection& connection, const std::string& query,
            const pg::Parameters& parameters = {}) {
  const pg::Rows rows = connection.query(query, parameters);
  const auto text = [&rows](std::size_t row, std::size_t column) {
    return std::string(rows.text(row, column));
  };
  Parties list;
  for (std::size_t i = 0; i < rows.size(); ++i)
    list.push_back({text(i, 0), text(i, 1), text(i, 2), text(i, 3),
                    std::strtod(text(i, 4).c_str(), nullptr),
                    printable(sql::without_passwords(rows.text(i, 5))), text(i, 6)});
  return list;
}

}  // namespace

// 1937007991: the upper half of steward.lock_key().
Parties holding_runner_lock(pg::Connection& connection) {
  return ask(connection,
             columns("a.xact_start") +
                 "'' FROM pg_catalog.pg_locks AS l"
                 " JOIN pg_catalog.pg_stat_activity AS a USING (pid)"
                 " WHERE l.locktype = 'advisory' AND l.classid::pg_catalog.int8 = 1937007991"
                 " AND l.granted AND l.database = (SELECT oid FROM pg_catalog.pg_database"
                 " WHERE datname = pg_catalog.current_database()) ORDER BY 1");
}

Parties in_a_queue(pg::Connection& connection) {
  return ask(
      connection,
      "WITH waiting AS MATERIALIZED (SELECT pid, pg_catalog.pg_blocking_pids(pid) AS blockers"
      " FROM pg_catalog.pg_stat_activity WHERE datname = pg_catalog.current_database()"
      " AND wait_event_type = 'Lock') " +
          columns("a.query_start") +
          "coalesce((SELECT pg_catalog.array_to_string(blockers, ', ') FROM waiting"
          " WHERE waiting.pid = a.pid), '')"
          " FROM pg_catalog.pg_stat_activity AS a WHERE a.pid IN (SELECT pid FROM waiting)"
          " OR a.pid IN (SELECT pg_catalog.unnest(blockers) FROM waiting) ORDER BY 5 DESC, 1");
}

Parties holding(pg::Connection& connection, const std::vector<std::string>& relations) {
  return ask(connection,
             columns("a.xact_start") +
                 "'' FROM pg_catalog.pg_stat_activity AS a"
                 " WHERE a.pid <> pg_catalog.pg_backend_pid() AND EXISTS (SELECT FROM"
                 " pg_catalog.pg_locks AS l WHERE l.pid = a.pid AND l.locktype = 'relation'"
                 " AND l.granted AND l.relation IN (SELECT pg_catalog.to_regclass(name)"
                 " FROM pg_catalog.unnest($1::pg_catalog.text[]) AS name)"
                 " AND l.database = (SELECT oid FROM pg_catalog.pg_database"
                 " WHERE datname = pg_catalog.current_database())) ORDER BY 5 DESC, 1 LIMIT 3",
             {pg::format_array(relations)});
}

std::string told(const Parties& parties) {
  std::string text;
  for (const Party& party : parties)
    text += (text.empty() ? "pid " : "\npid ") + party.pid + " (" +
            (party.application.empty() ? "" : party.application + ", ") +
            (party.role.empty() ? "" : "role " + party.role + ", ") + party.state + " for " +
            report::format_duration(party.milliseconds) +
            "): " + terminal::cut(party.query, longest_query);
  return text;
}

}  // namespace steward::parties
