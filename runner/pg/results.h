// What libpq gives back, as our own types. Part of the one door, see runner/pg.h.
#pragma once

#include <libpq-fe.h>

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "runner/pg/result.h"

namespace steward::pg {

using ResultHandle = std::unique_ptr<PGresult, decltype(&PQclear)>;

// An error's or a notice's fields.
Failure failure_of(const PGresult* result);

// Whether the server ends the session after it, whatever libpq has noticed of that so far.
bool ends_session(const Failure& failure);

// The next result of a message in single-row mode, its rows collected up to row_limit; copied is
// told each line of a COPY ... TO STDOUT, which is dropped without it. nullopt: there is none.
std::optional<Result> take_result(PGconn* raw,
                                  const std::function<void(std::string_view)>& copied = {});

}  // namespace steward::pg
