#include "runner/failure.h"

#include <array>
#include <utility>

namespace steward::pg {
namespace {

struct Field {
  std::string_view label;
  std::string Failure::*member;
};

constexpr std::array fields = {
    Field{"DETAIL:  ", &Failure::detail},
    Field{"HINT:  ", &Failure::hint},
    Field{"CONTEXT:  ", &Failure::context},
    Field{"SCHEMA NAME:  ", &Failure::schema},
    Field{"TABLE NAME:  ", &Failure::table},
    Field{"COLUMN NAME:  ", &Failure::column},
    Field{"CONSTRAINT NAME:  ", &Failure::constraint},
};

// Lines that libpq adds and that nobody needs here. Labels are never translated: the runner does
// not call setlocale().
constexpr std::array<std::string_view, 5> dropped = {
    "LOCATION:  ", "QUERY:  ", "DATATYPE NAME:  ", "BACKTRACE:  ", "LINE "};

bool is_sqlstate(std::string_view text) {
  if (text.size() != 5) return false;
  for (const char c : text)
    if ((c < '0' || c > '9') && (c < 'A' || c > 'Z')) return false;
  return true;
}

// Reads "SEVERITY:  SQLSTATE: " off the first line. The severity may be in the server's language,
// so that it is known by its two spaces; before it may stand what libpq says of the host.
std::string_view take_severity(std::string_view line, Failure& failure) {
  const std::size_t gap = line.find(":  ");
  if (gap == std::string_view::npos) return line;
  const std::size_t begin =
      line.rfind(' ', gap) == std::string_view::npos ? 0 : line.rfind(' ', gap) + 1;
  failure.severity = line.substr(begin, gap - begin);
  line.remove_prefix(gap + 3);
  if (line.size() > 6 && is_sqlstate(line.substr(0, 5)) && line.substr(5, 2) == ": ") {
    failure.sqlstate = line.substr(0, 5);
    line.remove_prefix(7);
  }
  return line;
}

// Where the text of this line goes: a field of the failure, nullptr when it is dropped; `current`
// when the line goes on with what stood before. Takes the label off.
std::string* place_line(std::string_view& line, Failure& failure, std::string* current) {
  for (const Field& field : fields)
    if (line.starts_with(field.label)) {
      line.remove_prefix(field.label.size());
      return &(failure.*field.member);
    }
  for (const std::string_view label : dropped)
    if (line.starts_with(label)) return nullptr;
  return current;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

struct Reason {
  const char* code;
  std::string hint;
};

Reason reason_of_sqlstate(const std::string& sqlstate) {
  if (sqlstate == "57P03" || sqlstate == "57P01" || sqlstate == "57P02")
    return {"server_not_ready", "wait until it is up, then run the same command again"};
  if (sqlstate == "53300")
    return {"too_many_connections",
            "close sessions nobody needs (pg_stat_activity), or raise max_connections"};
  if (sqlstate.starts_with("28"))
    return {"authentication_failed",
            "check user and password, and that pg_hba.conf lets them in from here"};
  if (sqlstate == "3D000") return {"no_database", "create it first: createdb NAME"};
  if (sqlstate == "42501") return {"no_connect_privilege", "GRANT CONNECT ON DATABASE ... TO ..."};
  return {"cannot_connect", ""};
}

Reason reason_of_text(std::string_view text) {
  if (contains(text, "invalid response to SSL negotiation") ||
      contains(text, "expected authentication request"))
    return {"not_postgresql", "check host and port: something other than PostgreSQL answers there"};
  if (contains(text, "timeout expired"))
    return {"connect_timeout", "check host and port, or give it longer: PGCONNECT_TIMEOUT=60"};
  if (contains(text, "no password supplied"))
    return {"authentication_failed", "give a password: PGPASSWORD, ~/.pgpass, or in the URL"};
  return {"cannot_connect",
          "check host and port; for a server of this project's own: steward dev start"};
}

std::string without_final_newline(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

ConnectionLost::ConnectionLost(const Failure& reason)
    : Error(Exit::unreachable, "connection_lost", "the connection to the server was lost",
            reason.message, "look into the server's log, then run the same command again") {
  sqlstate = reason.sqlstate;
  context = reason.context;
}

QueryFailed::QueryFailed(Failure reason)
    : Error(as_error(reason, Exit::unexpected, "query_failed")), failure(std::move(reason)) {}

Error as_error(const Failure& failure, Exit exit, const std::string& code) {
  Error error(exit, code, failure.message, failure.detail, failure.hint);
  error.sqlstate = failure.sqlstate;
  error.context = failure.context;
  return error;
}

Failure parse_message(std::string_view text) {
  Failure failure;
  std::string* current = &failure.message;
  for (bool first = true; !text.empty(); first = false) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (first)
      line = take_severity(line, failure);
    else
      current = place_line(line, failure, current);
    if (current == nullptr) continue;
    if (!current->empty()) *current += '\n';
    *current += line;
  }
  failure.message = without_final_newline(failure.message);
  return failure;
}

Error connection_error(std::string_view text, const std::string& where) {
  const Failure failure = parse_message(text);
  const Reason reason =
      failure.sqlstate.empty() ? reason_of_text(text) : reason_of_sqlstate(failure.sqlstate);
  std::string detail = failure.message;
  if (!failure.detail.empty()) detail += '\n' + failure.detail;
  Error error(Exit::unreachable, reason.code, "cannot connect to " + where, detail,
              failure.hint.empty() ? reason.hint : failure.hint);
  error.sqlstate = failure.sqlstate;
  return error;
}

}  // namespace steward::pg
