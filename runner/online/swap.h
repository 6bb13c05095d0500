// Swaps: columns that are filled in batches before they take their place: a column of another type
// beside the old one, kept up by a trigger; a new column whose default is another for each row.
// Also what chains of online steps are made of.
#pragma once

#include <string>
#include <vector>

#include "runner/snapshot.h"

namespace steward::online {

enum class Lane { plain, outside };  // outside: of a transaction

struct Step {
  std::string message;
  Lane lane = Lane::plain;
  std::string sql;  // empty: it waits while others take a step
  std::string loss{};
  std::string
      undo{};  // its way back; empty: what the diff finds. With one it is a stage of its own
};

// Steps of which each is committed before the next.
struct Chain {
  std::vector<Step> steps;
  std::string object{};    // who names it comes after all of them
  std::string relation{};  // and, unless it is empty, who names this other than to add to it
  std::string column{};    // or adds to it and names this
  std::string about{};     // a fact
};

// Empty: the column can be swapped. Otherwise what stands in the way.
std::string why_not_swapped(const snapshot::Snapshot& from, const snapshot::Fact& before,
                            const snapshot::Fact& after);
Chain swapped(const snapshot::Snapshot& from, const snapshot::Snapshot& to,
              const snapshot::Fact& before, const snapshot::Fact& after, const std::string& loss);
// A new column with a default.
Chain filled(const snapshot::Snapshot& from, const snapshot::Snapshot& to,
             const snapshot::Fact& column);

// ADD CONSTRAINT ... CHECK (name IS NOT NULL) NOT VALID, and the steps that follow from it; alter:
// "ALTER TABLE public.task".
std::string proof(const std::string& alter, const std::string& constraint, const std::string& name);
std::vector<Step> proven(const std::string& alter, const std::string& constraint,
                         const std::string& name);

// A name with that suffix that no column and no constraint of the table has on either side, quoted.
std::string name_beside(const snapshot::Snapshot& from, const snapshot::Snapshot& to,
                        const snapshot::Fact& column, const std::string& suffix);

}  // namespace steward::online
