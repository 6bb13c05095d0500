// Recall: what the ledger keeps of a revision beside its scripts, and the way back: an applied
// revision that has no file here, made again from the ledger, so that an older release can undo
// what a newer one applied. Reads the database, and never a file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "runner/json.h"
#include "runner/ledger.h"
#include "runner/revision/file.h"

namespace steward::recall {

// What the scripts do not say of themselves, for the ledger row's `detail`: the options behind the
// section markers, where there are any, and why a revision is irreversible. null: nothing.
// values: what its variables stood for.
Json remembered(const revision::File& file, const std::map<std::string, std::string>& values = {});

// The applied revisions that are not among `known`, oldest first, each with its header and its
// downgrade section. The upgrade section has only its checksum: it is never run from here. path is
// "ledger:ID". Throws Error(Exit::integrity, "ledger_broken") when a script is not the one its
// checksum was taken of.
std::vector<revision::File> revisions(pg::Connection& connection, const ledger::State& state,
                                      const std::unordered_set<std::string>& known);

// Those of the ledger's rows, by seq, whose revision is a squashed one: what it replaces.
std::map<std::string, std::vector<std::string>> squashed(pg::Connection& connection,
                                                         const std::vector<std::int64_t>& rows);

}  // namespace steward::recall
