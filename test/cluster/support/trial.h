// One pair of schemas tried: the diff there and back, run, with pg_dump as the referee.
#pragma once

#include <string>

#include "runner/diff.h"
#include "test/cluster/support/schemas.h"

namespace steward::test {

struct Verdict {
  enum class Kind { good, refused, warned, wrong };  // warned: it said so
  Kind kind = Kind::good;
  std::string step;   // where it ended: "upgrade", "after the upgrade", ...
  std::string text;   // what was refused, failed, or is left over
  std::string where;  // the script that was run
  std::string said() const { return step + ": " + text; }
};

// Builds both schemas on the shared server, goes from the first to the second and back, and drops
// them. Statements run each by itself, as the first one that fails is what one wants to know.
Verdict try_pair(const Pair& pair, Pair* built = nullptr);

// The pair with all that can be left out left out: it still fails, at the same step.
Pair shrink(const Pair& pair);

std::string to_text(const Pair& pair);

}  // namespace steward::test
