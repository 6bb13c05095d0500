// libpqxx over a connection that libpq has opened. Part of the one door, see runner/pg.h.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "runner/rows.h"

namespace steward::pg {

class Adoption {
 public:
  // Owns the connection from now on.
  explicit Adoption(PGconn* raw);
  ~Adoption();
  Adoption(const Adoption&) = delete;
  Adoption& operator=(const Adoption&) = delete;

  // Throws Refusal.
  Rows query(const std::string& statement, const Parameters& parameters);

  // libpqxx's exception, as the text that libpq made of the error.
  class Refusal : public std::runtime_error {
    using runtime_error::runtime_error;
  };

 private:
  class Session;
  std::unique_ptr<Session> session_;
};

}  // namespace steward::pg
