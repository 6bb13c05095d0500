#include "test/cluster/support/schemas.h"

#include <utility>

#include "runner/error.h"

namespace steward::test {
namespace {

const std::vector<Slot>& all_slots() {
  static const Slots slots = [] {
    Slots made;
    add_types(made);
    add_routines(made);
    add_tables(made);
    add_keys(made);
    add_views(made);
    add_watchers(made);
    add_foreign(made);
    add_rare(made);
    add_access(made);
    return made;
  }();
  return slots.all();
}

// What stands in a slot in one version; empty: nothing.
std::string written(const Slot& slot, std::uint64_t seed, std::uint64_t place,
                    std::uint64_t version) {
  Dice dice({seed, place, version});
  return dice.chance(slot.presence) ? slot.write(dice) : "";
}

void keep(Pieces& pieces, const Slot& slot, std::string text) {
  if (!text.empty()) pieces.push_back({slot.kind, std::move(text)});
}

}  // namespace

Dice::Dice(std::initializer_list<std::uint64_t> seeds) {
  std::vector<std::uint32_t> words;
  for (const std::uint64_t seed : seeds) {
    words.push_back(static_cast<std::uint32_t>(seed));
    words.push_back(static_cast<std::uint32_t>(seed >> 32));
  }
  std::seed_seq sequence(words.begin(), words.end());
  numbers_.seed(sequence);
}

// The distributions of the standard library differ between its implementations.
int Dice::below(int limit) {
  return static_cast<int>(numbers_() % static_cast<std::uint64_t>(limit));
}

std::string Dice::pick(std::initializer_list<const char*> choices) {
  return choices.begin()[below(static_cast<int>(choices.size()))];
}

std::vector<std::string> Dice::some(std::initializer_list<const char*> choices) {
  std::vector<std::string> chosen;
  for (const char* choice : choices)
    if (chance(60)) chosen.emplace_back(choice);
  if (chosen.empty()) chosen.push_back(pick(choices));
  return chosen;
}

void Slots::add(std::string kind, int presence, std::function<std::string(Dice&)> write) {
  slots_.push_back({std::move(kind), presence, std::move(write)});
}

Pair random_pair(std::uint64_t seed) {
  Dice dice({seed});
  static constexpr int rates[] = {1, 2, 4, 8, 15, 40};
  const int edited = rates[dice.below(6)];
  Pair pair;
  std::uint64_t place = 0;
  for (const Slot& slot : all_slots()) {
    ++place;
    const std::string before = written(slot, seed, place, 0);
    keep(pair.before, slot, before);
    keep(pair.after, slot, dice.chance(edited) ? written(slot, seed, place, 1) : before);
  }
  return pair;
}

Pieces load(pg::Connection& connection, const Pieces& pieces) {
  Pieces built;
  connection.on_notice([](const pg::Failure&) {});
  for (const Piece& piece : pieces) try {
      connection.run(piece.text);
      built.push_back(piece);
    } catch (const pg::QueryFailed&) {
      // What it needs is not there this time.
    }
  return built;
}

void prepare_server(pg::Connection& connection) {
  connection.on_notice([](const pg::Failure&) {});
  for (const char* statement :
       {"CREATE ROLE regress_ann", "CREATE ROLE regress_bob", "CREATE ROLE \"regress Ed\"",
        "SET allow_in_place_tablespaces = on", "CREATE TABLESPACE regress_space LOCATION ''"})
    try {
      connection.run(statement);
    } catch (const pg::QueryFailed& failed) {
      if (failed.failure.sqlstate != "42710") throw;  // it is there already
    }
}

}  // namespace steward::test
