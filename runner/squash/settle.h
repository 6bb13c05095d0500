// Settling: where a database stands to the squashed revisions of a project. One that has applied
// all that a revision replaces has applied it, and its ledger is to be told so; one that stands
// within the row goes on with the old files, which squash keeps beside the others. Knows files and
// the ledger's state, and no database.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runner/ledger.h"
#include "runner/plan.h"

namespace steward::squash {

using Replaced = std::map<std::string, std::vector<std::string>>;  // by the revision that replaces

// What the ledger does not know yet.
struct Unrecorded {
  std::string revision;               // the squashed one, applied
  std::vector<std::string> replaced;  // oldest first
  bool squashes = true;  // false: the files have the row, and the ledger the squashed one
  std::vector<ledger::Revision> rows{};  // of all of them, as the ledger has them
};

// Where the old files of a squashed revision are kept: squashed/ID beside it. Squashed again, the
// folders stay beside each other.
std::filesystem::path kept_in(const revision::File& squashed);

// Whether any of the files is a squashed one.
bool any(const std::vector<revision::File>& files);

// The files with the old ones in place of each squashed revision that the database stands within.
// Throws Error(Exit::integrity, "within_squash") when they are not there, and as read_directory().
std::vector<revision::File> files_for(std::vector<revision::File> files,
                                      const revision::IdSet& applied);

// The rows of squashed revisions whose old rows are applied beside them, and the other way round:
// those that `recorded` says are squashed in the ledger, and have all their old files here. The
// state is made what it will be once this is recorded; the heads stay what they are.
std::vector<Unrecorded> settle(const plan::Project& project, const Replaced& recorded,
                               ledger::State& state);

// All files with the old ones that its rows were made of in place of that revision; nullopt: they
// are not there.
std::optional<std::vector<revision::File>> with_old_files(const std::vector<revision::File>& files,
                                                          const Unrecorded& squash);

// The ledger's rows that may be squashed revisions though their files are none: applied, and with
// another script than the file.
std::vector<std::int64_t> doubtful(const plan::Project& project, const ledger::State& state);

}  // namespace steward::squash
