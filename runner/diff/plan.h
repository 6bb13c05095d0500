// What two snapshots have different, fact by fact, before any statement is thought of: which facts
// come, which go, which change in place, and which must go and come again because of what they
// need. Knows the kinds only through the two questions it asks of their rules.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "runner/snapshot.h"

namespace steward::diff {

using snapshot::Fact;
using snapshot::Snapshot;

// What becomes of a fact whose need is destroyed or rebuilt under it.
// retyped: a column whose type is made anew; what was compiled against it makes way as well.
enum class Fate { stays, replaced, rebound, retyped };

struct Questions {
  // Whether the kind can go from one definition to the other in place.
  std::function<bool(const Fact& from, const Fact& to)> alterable;
  // Whether it must be made again because of a part of it, though it can be changed in place
  // itself.
  std::function<bool(const Fact& from, const Fact& to)> outgrown;
  // Whether the part, made while what it is part of stays, asks for that to be made again.
  std::function<bool(const Fact& part)> burdens;
  // Whether the part, made while what it is part of stays, writes the rows of that anew.
  std::function<bool(const Fact& part)> rewrites;
  // Whether what needs a relation cannot stand while the rows of that are written anew.
  std::function<bool(const Fact& dependent)> reads_rows;
  // Whether this change in place forces what needs the fact to make way (a column's type).
  std::function<bool(const Fact& from, const Fact& to)> disturbs;
  // What becomes of `dependent` when `needed` makes way; gone: it is destroyed and made again,
  // otherwise changed in place.
  std::function<Fate(const Fact& dependent, const Fact& needed, bool gone)> fate;
};

struct Plan {
  std::set<std::string> created;    // in the new schema only
  std::set<std::string> dropped;    // in the old one only
  std::set<std::string> replaced;   // in both, destroyed and made again
  std::set<std::string> altered;    // in both, changed in place
  std::set<std::string> rebound;    // in both, tied to what is replaced: untied and tied again
  std::set<std::string> disturbed;  // altered so that its dependents made way
  std::set<std::string> rewritten;  // whose rows are written anew, and are values of columns

  bool goes(const std::string& id) const { return dropped.contains(id) || replaced.contains(id); }
  bool comes(const std::string& id) const { return created.contains(id) || replaced.contains(id); }
  bool empty() const { return created.empty() && dropped.empty() && altered.empty(); }
};

Plan compare(const Snapshot& from, const Snapshot& to, const Questions& questions);

}  // namespace steward::diff
