// Fixing: a revision's safe form, where that is mechanical: what has to run elsewhere or later goes
// to revisions that follow it, each with its way back. Pure: it makes texts, and writes no file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runner/safety/lint.h"
#include "runner/safety/remedy.h"

namespace steward::safety {

struct Fix {
  std::string text;               // the whole file, as it should be
  std::vector<Part> parts;        // that follow it, in this order
  std::vector<std::string> done;  // rules that were served, for a message
  std::vector<std::string> left;  // "line 12: why it cannot be done here"
};

// known: before the revision; before: the revisions that made it, in their order. nullopt: nothing
// to do. The text of a statement that a later one depends on is left as it is, and said so; so is a
// change of type that takes along what cannot be taken along.
std::optional<Fix> fix_for(const revision::File& file, const std::string& text,
                           const Subject& subject, const std::vector<const Subject*>& before,
                           const Knowledge& known, const Settings& settings);

}  // namespace steward::safety
