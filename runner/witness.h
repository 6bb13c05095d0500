// What a proved change is shown to besides the snapshot: pg_dump, which shares none of its eyes,
// and tables with rows in them, on which a statement can fail that runs on empty ones.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "runner/referee.h"
#include "runner/shadow.h"
#include "runner/snapshot.h"

namespace steward::witness {

struct Script {
  std::string text;
  bool in_transaction = true;
};

struct Claim {
  Script upgrade;
  Script downgrade;
  std::set<std::string> lost{};  // ids of the facts whose data the upgrade says it destroys
};

// pg_dump's word on the claim. The shadow stands where the change begins, and does again
// afterwards. desired: what pg_dump says of the schema that the upgrade is to make. Throws
// Error(Exit::refused, "not_proved") with the entries that differ.
void judge(shadow::Shadow& shadow, const url::Target& server, const std::filesystem::path& pg_dump,
           const Claim& claim, const referee::Description& desired);

// The claim on tables with a few generated rows each: plain ones, one with NULL wherever it may be,
// one with large values, some alike in all but their keys. Only tables that the change touches get
// any. Returns what goes wrong, with the statement; nothing when nothing does. What is found says
// what rows can do, not what the database's rows do: it warns, and refuses nothing. The shadow is
// used up afterwards.
std::vector<std::string> try_with_rows(shadow::Shadow& shadow, const Claim& claim,
                                       const snapshot::Snapshot& from,
                                       const snapshot::Snapshot& to);

// The claim on the rows of a copy of the database, which stands where the change begins. Returns
// how many rows there are. Throws Error(Exit::refused, "not_proved"): a statement fails, with its
// table, column and constraint; rows or values are gone, or others, that were not announced as
// lost; or the schema does not come back. The shadow is used up afterwards.
std::size_t try_on_copy(shadow::Shadow& copy, const Claim& claim, const snapshot::Snapshot& from,
                        const snapshot::Snapshot& to);

}  // namespace steward::witness
