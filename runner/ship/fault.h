// Faults: what a failure of the server means for the run. Pure.
#pragma once

#include "runner/error.h"
#include "runner/failure.h"
#include "runner/plan.h"

namespace steward::ship {

enum class Remedy {
  wait,    // another runner holds the lock: try again later, outside any transaction
  replan,  // the history is not the one the plan was made from
  retry,   // a lock timeout, a deadlock, a serialization failure: the whole step again
  piece,   // the message was not understood as a whole: nothing of it was done
  none,
};

// begun: the step was open when it failed. any_result: something of the message had been done.
Remedy remedy_for(const pg::Failure& failure, bool begun, bool any_result);

// The error a person sees. part_done: statements outside a transaction were done before.
Error as_error(const pg::Failure& failure, const plan::Step& step, std::optional<Place> place,
               bool part_done);

}  // namespace steward::ship
