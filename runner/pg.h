// The one door to libpqxx and libpq. A connection is opened with libpq and handed to libpqxx:
// libpqxx runs ordinary queries; the raw handle, which never leaves pg.cpp, ships scripts of many
// statements, result by result, with COPY data. Nothing here knows of revisions. No message holds a
// password.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/pg/result.h"
#include "runner/url.h"

namespace steward::pg {

enum class Transaction { idle, active, in_transaction, failed, unknown };

class Connection {
 public:
  // Opens the connection and waits for it, 10 seconds unless the target or PGCONNECT_TIMEOUT says
  // otherwise. client_encoding is UTF8; application_name is `name` unless the target or PGAPPNAME
  // sets one. Throws Error(Exit::unreachable): see connection_error() for the codes.
  Connection(const url::Target& target, const std::string& name);
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  // One statement with its parameters ($1, ...), outside or inside whatever transaction is open.
  // Text in, text out. Throws QueryFailed, ConnectionLost.
  Rows query(std::string_view statement, const Parameters& parameters = {});

  // One message of any number of statements, as PQsendQuery. Its results come from next(); nothing
  // else may be asked until next() has returned nullopt. Throws ConnectionLost.
  void send(const std::string& message);
  // The next result, waiting for it; nullopt when the server is ready for the next message. An
  // error is a result (the server has dropped the rest of the message). After copy_in, copy_data()
  // and end_copy() or fail_copy() come first; the data of a copy_out is dropped. Throws
  // ConnectionLost.
  std::optional<Result> next();
  // Waits until next() would not wait, at most this long, or until a signal comes. True: a result
  // can be read. Throws ConnectionLost.
  bool wait(std::chrono::milliseconds limit);

  void copy_data(std::string_view rows);
  void end_copy();
  void fail_copy(const std::string& reason);  // the COPY fails on the server with this reason

  // A COPY ... TO STDOUT: each line of it, with its line end, as it comes. Throws QueryFailed,
  // ConnectionLost, and what the receiver throws; the connection is then in the midst of the copy.
  void copy_out(const std::string& statement,
                const std::function<void(std::string_view)>& receiver);

  // Several statements in one message whose results nobody looks at but for errors: as send() and
  // next() to the end. Throws QueryFailed for the first error.
  void run(const std::string& message);

  // What is told of every notice and warning. Without one they are collected in notices().
  void on_notice(std::function<void(const Failure&)> receiver);
  const std::vector<Failure>& notices() const;

  // Asks the server to stop what it is doing; the outcome comes as a result (57014). A SIGINT or
  // SIGTERM does the same, see runner/signals.h.
  void cancel() noexcept;

  Transaction transaction() const noexcept;
  int backend_pid() const noexcept;
  int server_version() const noexcept;            // as 150020
  std::string parameter(const char* name) const;  // what the server reported: server_version, ...
  std::string database() const;
  std::string user() const;
  std::string where() const;      // host:port/database or socket directory, for messages
  long queries() const noexcept;  // messages sent since the connection was opened

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace steward::pg
