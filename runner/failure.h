// Failures: what the server said, as data, and as the errors the runner throws. Pure: reads texts,
// knows no connection.
#pragma once

#include <string>
#include <string_view>

#include "runner/error.h"

namespace steward::pg {

// What the server said, as it said it: an error, a warning or a notice.
struct Failure {
  std::string sqlstate;
  std::string severity;  // ERROR, FATAL, PANIC, WARNING, NOTICE, INFO, ...
  std::string message;
  std::string detail;
  std::string hint;
  std::string context;
  long position = 0;  // characters, from 1, in the message sent; 0: unknown
  std::string schema;
  std::string table;
  std::string column;
  std::string constraint;
};

// The connection is gone: the server went away, or it ended the session. What became of the last
// message is not known here. sqlstate is set when the server said why (57P01, ...).
// Exit::unreachable, code "connection_lost".
class ConnectionLost : public Error {
 public:
  explicit ConnectionLost(const Failure& reason);
};

// The server refused a query: Exit::unexpected, code "query_failed". Callers who expect a condition
// look at failure.sqlstate.
class QueryFailed : public Error {
 public:
  explicit QueryFailed(Failure reason);
  Failure failure;
};

// The server's error as ours, with its detail, hint, SQLSTATE and context.
Error as_error(const Failure& failure, Exit exit, const std::string& code);

// A failure from the text libpq makes of it in its verbose form: "ERROR:  42P01: relation ...",
// then lines "DETAIL:  ...", "HINT:  ...", "CONTEXT:  ...". A text that is not of that form
// (libpq's own errors) becomes the message.
Failure parse_message(std::string_view text);

// Why a connection could not be opened, from libpq's text. Exit::unreachable, with a hint; codes:
//   cannot_connect        nobody answers there
//   connect_timeout       nobody answered in time
//   server_not_ready      57P03: starting up, shutting down, recovering
//   too_many_connections  53300
//   authentication_failed class 28, or a password that is asked for and not given
//   no_database           3D000
//   no_connect_privilege  42501
//   not_postgresql        something else answers there
Error connection_error(std::string_view text, const std::string& where);

}  // namespace steward::pg
