// SPI: SQL from C++. One connection, prepared plans that live as long as the session, text in and
// out.
#pragma once

#include <optional>

#include "extension/bridge.h"

namespace steward {

// One SPI connection, with its own memory. While an exception passes it is left to the
// transaction's own cleanup, as a C caller's would be.
class Spi {
 public:
  Spi();
  ~Spi();
  Spi(const Spi&) = delete;
  Spi& operator=(const Spi&) = delete;

 private:
  int in_flight_ = std::uncaught_exceptions();
};

// A statement prepared once for the session. A static object of this type has no constructor or
// destructor that runs: the plan belongs to the server.
struct Statement {
  const char* sql;
  int arguments;
  Oid types[6];
  SPIPlanPtr plan;

  // Runs it inside an open Spi with these values (null pointer datums are not NULL: see nulls, one
  // character for each, 'n' for NULL). Returns the number of rows.
  std::uint64_t execute(Datum* values, const char* nulls = nullptr);
};

// Column (from 1) of the last statement's first row, as text; nothing when NULL or when there is no
// row.
std::optional<std::string> first_text(int column);
// The same as a Datum in the caller's outer memory context; only for a row that exists and is not
// NULL.
Datum first_datum(int column, bool by_value, int length);

// Everything inside runs as this role, as a SECURITY DEFINER function would.
class ActAs {
 public:
  explicit ActAs(Oid role);
  ~ActAs();
  ActAs(const ActAs&) = delete;
  ActAs& operator=(const ActAs&) = delete;

 private:
  Oid role_;
  int context_;
};

Datum text_datum(std::string_view text);  // palloc'd in the current memory context

}  // namespace steward
