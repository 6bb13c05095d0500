#include "runner/command/locks.h"

#include "runner/command/listing.h"
#include "runner/report/progress.h"
#include "runner/sql.h"
#include "runner/text.h"

namespace steward::command {
namespace {

using terminal::Tone;

// 1937007991: the upper half of steward.lock_key().
constexpr const char* holders_query =
    "SELECT a.pid, a.usename, a.application_name, coalesce(a.state, 'unknown'),"
    " extract(epoch FROM pg_catalog.clock_timestamp() - coalesce(a.xact_start, a.state_change)) * "
    "1000,"
    " a.query, '' FROM pg_catalog.pg_locks AS l"
    " JOIN pg_catalog.pg_stat_activity AS a USING (pid)"
    " WHERE l.locktype = 'advisory' AND l.classid::pg_catalog.int8 = 1937007991 AND l.granted"
    " AND l.database = (SELECT oid FROM pg_catalog.pg_database"
    " WHERE datname = pg_catalog.current_database()) ORDER BY 1";

constexpr const char* waiting_query =
    "WITH waiting AS MATERIALIZED (SELECT pid, pg_catalog.pg_blocking_pids(pid) AS blockers"
    " FROM pg_catalog.pg_stat_activity WHERE datname = pg_catalog.current_database()"
    " AND wait_event_type = 'Lock')"
    " SELECT a.pid, a.usename, a.application_name, coalesce(a.state, 'unknown'),"
    " extract(epoch FROM pg_catalog.clock_timestamp() - coalesce(a.query_start, a.state_change)) * "
    "1000,"
    " a.query, coalesce((SELECT pg_catalog.array_to_string(blockers, ', ') FROM waiting"
    " WHERE waiting.pid = a.pid), '')"
    " FROM pg_catalog.pg_stat_activity AS a WHERE a.pid IN (SELECT pid FROM waiting)"
    " OR a.pid IN (SELECT pg_catalog.unnest(blockers) FROM waiting) ORDER BY 5 DESC, 1";

struct Party {
  std::string pid, role, application, state, query, blockers;
  double milliseconds;
};

std::vector<Party> ask(Session& session, const char* query) {
  const pg::Rows rows = session.connection().query(query);
  const auto text = [&rows](std::size_t row, std::size_t column) {
    return std::string(rows.text(row, column));
  };
  std::vector<Party> list;
  for (std::size_t i = 0; i < rows.size(); ++i)
    list.push_back({text(i, 0), text(i, 1), text(i, 2), text(i, 3),
                    printable(sql::without_passwords(rows.text(i, 5))), text(i, 6),
                    std::strtod(text(i, 4).c_str(), nullptr)});
  return list;
}

void print(report::Output& output, const std::string& title, const std::vector<Party>& parties) {
  output.line(output.paint(Tone::strong, title) + (parties.empty() ? ": nobody" : ":"));
  std::vector<std::vector<std::string>> rows;
  for (const Party& party : parties)
    rows.push_back({"  " + party.pid,
                    party.blockers.empty() ? party.state : "waits for " + party.blockers,
                    report::format_duration(party.milliseconds), party.role,
                    terminal::harmless(party.application), party.query});
  output.text(report::format_table(rows, output.style().width));
}

Json objects(const std::vector<Party>& parties) {
  Json list = Json::array();
  for (const Party& party : parties)
    list.push_back({{"pid", std::stoi(party.pid)},
                    {"role", party.role},
                    {"application", party.application},
                    {"state", party.state},
                    {"since_ms", party.milliseconds},
                    {"query", party.query},
                    {"waits_for", party.blockers}});
  return list;
}

}  // namespace

Exit locks(Session& session) {
  const std::vector<Party> holders = ask(session, holders_query);
  const std::vector<Party> waiting = ask(session, waiting_query);
  print(session.output(), "holds the runner lock", holders);
  print(session.output(), "waits, and is waited for", waiting);
  session.output().object(
      {{"verb", "locks"}, {"runner", objects(holders)}, {"waiting", objects(waiting)}});
  return Exit::done;
}

}  // namespace steward::command
