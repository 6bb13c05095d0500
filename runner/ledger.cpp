#include "runner/ledger.h"

#include <array>
#include <charconv>
#include <chrono>
#include <ctime>
#include <utility>

namespace steward::ledger {
namespace {

constexpr int oldest_server = 150000;

// What must be known before anything of ours may be named in a query.
constexpr const char* facts_query =
    "SELECT pg_catalog.version(), pg_catalog.current_setting('server_version_num'),"
    " (SELECT extversion FROM pg_catalog.pg_extension WHERE extname OPERATOR(pg_catalog.=) "
    "'pg_steward'),"
    " pg_catalog.to_regnamespace('steward') IS NOT NULL,"
    " pg_catalog.to_regclass('steward.ledger') IS NOT NULL, pg_catalog.pg_is_in_recovery(),"
    " pg_catalog.current_setting('transaction_read_only')::pg_catalog.bool,"
    " (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000)::pg_catalog.int8";

// Everything that is applied, the heads and the open steps in one answer: revisions first, by seq.
constexpr const char* contents_query =
    "SELECT 'revision', seq, revision, parents::text, message, upgrade_checksum, "
    "downgrade_checksum,"
    " action, (extract(epoch FROM applied_at) * 1000)::bigint, applied_by::text"
    " FROM steward.revision"
    " UNION ALL SELECT 'head', NULL, revision, NULL, NULL, NULL, NULL, NULL, NULL, NULL"
    " FROM steward.head"
    " UNION ALL SELECT 'open', statements_done, revision, NULL, NULL, NULL, NULL, direction,"
    " (extract(epoch FROM started_at) * 1000)::bigint, NULL FROM steward.open_step"
    " ORDER BY 1 DESC, 2";

struct Version {
  int major = 0;
  int minor = 0;
  auto operator<=>(const Version&) const = default;
};

// The first two numbers of 1.4.2: what is between two of them is compatible.
Version parse_version(std::string_view text) {
  Version version;
  const char* end = text.data() + text.size();
  const auto [dot, error] = std::from_chars(text.data(), end, version.major);
  if (error == std::errc{} && dot < end) std::from_chars(dot + 1, end, version.minor);
  return version;
}

std::int64_t milliseconds_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void require_postgresql(std::string_view version, const State& state) {
  if (!version.starts_with("PostgreSQL "))
    throw Error(Exit::unreachable, "not_postgresql", "the server is not PostgreSQL",
                std::string(version), "steward works with PostgreSQL 15 and later");
  if (state.server_version < oldest_server)
    throw Error(Exit::unreachable, "server_too_old", "the server is too old", std::string(version),
                "steward works with PostgreSQL 15 and later");
}

void require_version(const std::string& extension) {
  const Version ours = parse_version(STEWARD_VERSION);
  const Version theirs = parse_version(extension);
  if (theirs == ours) return;
  const std::string detail = "extension " + extension + ", steward " STEWARD_VERSION;
  if (theirs < ours)
    throw Error(Exit::refused, "extension_older",
                "the extension pg_steward is older than this program", detail,
                "as its owner: ALTER EXTENSION pg_steward UPDATE (after installing " STEWARD_VERSION
                " on the server)");
  throw Error(Exit::refused, "extension_newer",
              "the extension pg_steward is newer than this program", detail,
              "install steward " + extension);
}

void require_ledger(const State& state) {
  if (state.ledger) return;
  throw Error(Exit::integrity, "ledger_missing", "the ledger steward.ledger is missing",
              "the extension is there, its table is not",
              "restore it from a backup, or begin a new one: SELECT steward.install_ledger();");
}

Revision revision_at(const pg::Rows& rows, std::size_t row) {
  Revision revision;
  revision.seq = rows.number(row, 1);
  revision.id = rows.text(row, 2);
  revision.parents = rows.list(row, 3);
  revision.message = rows.text(row, 4);
  revision.upgrade_checksum = rows.text(row, 5);
  revision.downgrade_checksum = rows.text(row, 6);
  revision.action = rows.text(row, 7);
  revision.applied_at = rows.number(row, 8);
  revision.applied_by = rows.text(row, 9);
  return revision;
}

OpenStep open_step_at(const pg::Rows& rows, std::size_t row) {
  return {std::string(rows.text(row, 2)), std::string(rows.text(row, 7)),
          static_cast<int>(rows.number(row, 1)), rows.number(row, 8)};
}

void take_contents(const pg::Rows& rows, State& state) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::string_view kind = rows.text(row, 0);
    if (kind == "revision")
      state.revisions.push_back(revision_at(rows, row));
    else if (kind == "head")
      state.heads.emplace_back(rows.text(row, 2));
    else
      state.open_steps.push_back(open_step_at(rows, row));
  }
}

// The ledger's own refusals, said in terms of what to do.
Error no_privilege(const pg::QueryFailed& refusal, const std::string& user) {
  Error error(Exit::refused, "no_privilege", "role \"" + user + "\" may not read the ledger",
              refusal.failure.message,
              "as the database's owner: SELECT steward.grant_runner('" + user + "');");
  error.sqlstate = refusal.failure.sqlstate;
  return error;
}

Error not_creatable(const pg::Failure& failure, const std::string& user) {
  const bool privilege = failure.sqlstate == "42501";
  std::string hint = failure.hint;
  if (privilege)
    hint =
        "as a superuser, in this database: CREATE EXTENSION pg_steward; SELECT "
        "steward.grant_runner('" +
        user + "');";
  else if (hint.empty())
    hint = "install it on the server first: make install";
  Error error(Exit::refused, privilege ? "extension_forbidden" : "extension_unavailable",
              privilege ? "role \"" + user + "\" may not create the extension pg_steward"
                        : "the extension pg_steward cannot be created",
              failure.message, hint);
  error.sqlstate = failure.sqlstate;
  return error;
}

// Another runner was faster: unique_violation, duplicate_object.
bool exists_by_now(const pg::Failure& failure) {
  return failure.sqlstate == "23505" || failure.sqlstate == "42710";
}

}  // namespace

std::unordered_set<std::string> State::applied() const {
  std::unordered_set<std::string> ids;
  ids.reserve(revisions.size());
  for (const Revision& revision : revisions) ids.insert(revision.id);
  return ids;
}

const Revision* State::find(std::string_view id) const {
  for (const Revision& revision : revisions)
    if (revision.id == id) return &revision;
  return nullptr;
}

State read(pg::Connection& connection) {
  const pg::Rows facts = connection.query(facts_query);
  State state;
  state.server_version = static_cast<int>(facts.number(0, 1));
  state.extension_version = facts.text(0, 2);
  state.schema = facts.flag(0, 3);
  state.ledger = facts.flag(0, 4);
  state.in_recovery = facts.flag(0, 5);
  state.read_only = facts.flag(0, 6);
  state.clock = facts.number(0, 7);
  state.local_clock = milliseconds_now();
  require_postgresql(facts.text(0, 0), state);
  if (!state.extension()) return state;
  require_version(state.extension_version);
  require_ledger(state);
  try {
    take_contents(connection.query(contents_query), state);
  } catch (const pg::QueryFailed& refusal) {
    if (refusal.failure.sqlstate == "42501") throw no_privilege(refusal, connection.user());
    throw;
  }
  return state;
}

void require_writable(const State& state) {
  if (state.in_recovery)
    throw Error(Exit::unreachable, "in_recovery", "the server is a standby, or still recovering",
                "nothing can be written there", "connect to the primary");
  if (state.read_only)
    throw Error(Exit::unreachable, "read_only", "the database is read-only for this session",
                "default_transaction_read_only is on",
                "connect with a role, or to a server, that may write");
}

void ensure_extension(pg::Connection& connection, State& state) {
  if (state.extension()) return;
  try {
    connection.query("CREATE EXTENSION pg_steward");
  } catch (const pg::QueryFailed& failed) {
    if (!exists_by_now(failed.failure)) throw not_creatable(failed.failure, connection.user());
  }
  state = read(connection);
}

std::optional<std::string> script(pg::Connection& connection, const Revision& revision,
                                  std::string_view direction) {
  const bool up = direction == "upgrade";
  const std::string column = up ? "upgrade" : "downgrade";
  const std::string checksum = up ? revision.upgrade_checksum : revision.downgrade_checksum;
  const pg::Rows row = connection.query("SELECT " + column + " FROM steward.ledger WHERE seq = $1",
                                        {std::to_string(revision.seq)});
  if (!row.empty() && row.get(0, 0)) return std::string(row.text(0, 0));
  if (checksum.empty()) return std::nullopt;
  const pg::Rows pieces = connection.query("SELECT steward.script_text($1)", {checksum});
  if (pieces.empty()) return std::nullopt;
  std::string text;
  for (std::size_t i = 0; i < pieces.size(); ++i) text += pieces.text(i, 0);
  return text;
}

std::string format_time(std::int64_t milliseconds) {
  const std::time_t seconds = milliseconds / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%SZ", &parts);
  return {text, size};
}

std::string anchor(pg::Connection& connection) {
  return std::string(connection.query("SELECT steward.anchor()").text(0, 0));
}

std::size_t unmanaged(pg::Connection& connection) {
  const pg::Rows rows = connection.query(
      "SELECT pg_catalog.count(*) FROM steward.unmanaged WHERE seq IS NULL OR seq > ("
      "SELECT COALESCE(pg_catalog.max(seq), 0) FROM steward.ledger WHERE direction IS NOT NULL)");
  return static_cast<std::size_t>(rows.number(0, 0));
}

}  // namespace steward::ledger
