// The plan: from what the ledger says is applied to where a person wants to be, as ordered steps.
// The integrity of what is applied is checked first, so that nothing is shipped onto a history that
// the files contradict. Knows no database: what it needs of one is given.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runner/ledger.h"
#include "runner/revision/file.h"
#include "runner/revision/graph.h"
#include "runner/revision/target.h"

namespace steward::plan {

enum class Direction { upgrade, downgrade };

std::string_view name_of(Direction direction);  // "upgrade", "downgrade"

struct Step {
  const revision::File* file;  // owned by the Project
  Direction direction;
  std::vector<std::string> expected{};  // the heads before it, as the ledger will have them then
};

// The section that a step runs.
const revision::Section& section_of(const Step& step);

struct Plan {
  std::vector<Step> steps;            // in the order they are to be shipped
  std::vector<std::string> expected;  // the heads they start from, as the ledger has them
};

// The revision files as a graph, with the way back from an id to its file.
class Project {
 public:
  // Takes the files over, and what the ledger has beyond them (runner/recall.h). Throws what Graph
  // throws, and replaced_revision for a file that another one replaces (Exit::graph).
  explicit Project(std::vector<revision::File> files, std::vector<revision::File> recalled = {});
  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;
  // Takes the other's files over: references to this one stay good, those to its files do not.
  Project& operator=(Project&&) = default;

  const std::vector<revision::File>& files() const { return files_; }
  const revision::Graph& graph() const { return graph_; }
  // Of the files alone: what head means to a release that is older than the database.
  const revision::Graph& own_graph() const { return own_graph_ ? *own_graph_ : graph_; }
  const revision::File* find(std::string_view id) const;  // nullptr: no file has this id

 private:
  std::vector<revision::File> files_;
  std::optional<revision::Graph> own_graph_;  // where something was recalled
  revision::Graph graph_;
  std::unordered_map<std::string_view, const revision::File*> index_;
};

// The script recorded with an applied revision, asked for only when checksums differ.
using Recorded =
    std::function<std::optional<std::string>(const ledger::Revision&, Direction direction)>;

// What contradicts: an applied revision whose file is not what was applied.
struct Contradiction {
  enum class Kind { edited, renamed, missing };
  Kind kind;
  std::string revision;
  std::string file;     // edited, renamed: its path
  std::string section;  // edited: upgrade or downgrade
};

// All contradictions between files and ledger, in the ledger's order. A change of white space,
// comments or line ends is none.
std::vector<Contradiction> contradictions(const Project& project, const ledger::State& state,
                                          const Recorded& recorded);

// What may lie between an upgrade or a downgrade and a release that is older than the database.
enum class Missing { refuse, accept };

// Throws Error(Exit::integrity) for the first of them: edited_revision, renamed_revision,
// missing_revision (unless that is accepted), naming the file, what changed and what to type.
void require_integrity(const Project& project, const ledger::State& state, const Recorded& recorded,
                       Missing missing = Missing::refuse);

// The steps to a target (runner/revision/target.h says which there are). Nothing to do: no steps.
// An upgrade's target is one of the files; what a downgrade undoes may come from the ledger.
// Throws Error(Exit::graph) as target.h says; Error(Exit::graph) irreversible or no_downgrade when
// one of the revisions to be undone has no way back.
Plan upgrade(const Project& project, const ledger::State& state, std::string_view target);
Plan downgrade(const Project& project, const ledger::State& state, std::string_view target);

}  // namespace steward::plan
