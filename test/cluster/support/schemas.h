// Random schemas over every kind of object, and random edits of them. A schema is a list of
// pieces, each a statement or a few that stand or fall together; a piece that the server refuses,
// because what it needs is not there this time, is left out. So every list is a schema, however it
// came about, and taking pieces away makes a smaller one.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "runner/pg.h"
#include "runner/text.h"

namespace steward::test {

// The same numbers for the same seeds, on every machine.
class Dice {
 public:
  explicit Dice(std::initializer_list<std::uint64_t> seeds);

  int below(int limit);
  bool chance(int percent) { return below(100) < percent; }
  std::string pick(std::initializer_list<const char*> choices);
  // Some of them, in their order; at least one.
  std::vector<std::string> some(std::initializer_list<const char*> choices);
  // The text, or nothing.
  std::string maybe(int percent, const std::string& text) { return chance(percent) ? text : ""; }

 private:
  std::mt19937_64 numbers_;
};

// A place in a schema for something that may be there, in one form or another.
struct Slot {
  std::string kind;  // what it is a place for, for the count of what was tried
  int presence;      // percent
  std::function<std::string(Dice&)> write;
};

class Slots {
 public:
  void add(std::string kind, int presence, std::function<std::string(Dice&)> write);
  const std::vector<Slot>& all() const { return slots_; }

 private:
  std::vector<Slot> slots_;
};

// The slots of each floor; a floor stands on those before it.
void add_types(Slots& slots);
void add_routines(Slots& slots);
void add_tables(Slots& slots);
void add_keys(Slots& slots);
void add_views(Slots& slots);
void add_watchers(Slots& slots);  // triggers, rules, policies, publications, event triggers
void add_foreign(Slots& slots);
void add_rare(Slots& slots);    // operators, casts, text search, languages, ...
void add_access(Slots& slots);  // owners, privileges, comments

// What the schemas use that belongs to the whole server: roles, tablespaces. Safe to call again.
void prepare_server(pg::Connection& connection);

struct Piece {
  std::string kind;
  std::string text;
  bool operator==(const Piece&) const = default;
};
using Pieces = std::vector<Piece>;

struct Pair {
  Pieces before;
  Pieces after;
};

// The pair of this number; a few edits apart, or many.
Pair random_pair(std::uint64_t seed);

// Builds what can be built, and returns the pieces that were.
Pieces load(pg::Connection& connection, const Pieces& pieces);

}  // namespace steward::test
