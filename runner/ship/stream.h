// Streaming: a step that cannot stand in a message with others, piece by piece: a large section,
// one with COPY data or a verify section, one whose text the server could not parse, one that runs
// outside a transaction. The file is read as it is sent; memory is bounded by its longest
// statement.
#pragma once

#include "runner/ship/carrier.h"

namespace steward::ship {

// Whether the step can stand in a message with others.
bool joins(const plan::Step& step);

// The step between its begin and its end, in an open transaction; neither BEGIN nor COMMIT.
// statement_by_ statement: as psql would, so that an error is told of the statement it is in.
std::optional<Failed> stream_body(Carrier& carrier, const Script& script, const plan::Step& step,
                                  std::size_t index, bool statement_by_statement);

// A step outside a transaction, from begin_step to end_step, each statement by itself, going on
// where an interrupted run stopped. done: how many of its statements are done when it fails.
std::optional<Failed> stream_outside(pg::Connection& connection, Carrier& carrier,
                                     const Script& script, const plan::Step& step,
                                     std::size_t index, int& done);

}  // namespace steward::ship
