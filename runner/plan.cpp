#include "runner/plan.h"

#include <algorithm>
#include <utility>

#include "runner/sql.h"

namespace steward::plan {
namespace {

using revision::File;

// The graph knows ids; which two files have the same one is known here.
Error duplicate(const Error& error, const std::vector<File>& files) {
  std::unordered_map<std::string_view, const File*> seen;
  for (const File& file : files) {
    const auto [other, added] = seen.emplace(file.id, &file);
    if (!added)
      return Error(error.exit(), error.code(), error.what(),
                   "in " + other->second->path.string() + " and " + file.path.string(),
                   error.hint());
  }
  return error;
}

// The revision that an id was squashed into; nullptr: none.
const File* replacing(const std::vector<File>& files, std::string_view id) {
  for (const File& file : files)
    if (std::ranges::find(file.replaces, id) != file.replaces.end()) return &file;
  return nullptr;
}

void refuse_replaced(const std::vector<File>& files) {
  std::unordered_map<std::string_view, const File*> replaced;
  for (const File& file : files)
    for (const std::string& id : file.replaces)
      if (!file.copy) replaced.emplace(id, &file);
  for (const File& file : files)
    if (const auto found = replaced.find(file.id); found != replaced.end() && !file.copy)
      throw Error(Exit::graph, "replaced_revision",
                  "revision \"" + file.id + "\" is replaced by \"" + found->second->id +
                      "\" and its file is still there",
                  file.path.string() + " and " + found->second->path.string(),
                  "rm " + file.path.string() + " (squash keeps a copy in " +
                      (file.path.parent_path() / "squashed" / found->second->id).string() + ")");
}

// A branch that was begun on a revision which was squashed since.
Error begun_on_squashed(const Error& error, const std::vector<File>& files) {
  std::unordered_map<std::string_view, const File*> present;
  for (const File& file : files) present.emplace(file.id, &file);
  for (const File& file : files)
    for (const std::string& parent : file.parents)
      if (const File* squashed = present.contains(parent) ? nullptr : replacing(files, parent))
        return Error(error.exit(), error.code(), error.what(),
                     "\"" + parent + "\" was squashed into \"" + squashed->id + "\"",
                     "if it can stand on all of that, write in " + file.path.string() +
                         ": -- revises: " + squashed->id)
            .at(Place{file.path.string(), 0, 0, 0, {}});
  return error;
}

revision::Graph graph_of(const std::vector<File>& files) {
  std::vector<revision::Node> nodes;
  nodes.reserve(files.size());
  for (const File& file : files)
    nodes.push_back({file.id, file.parents, file.depends_on, file.labels});
  try {
    return revision::Graph(std::move(nodes));
  } catch (const Error& error) {
    if (error.code() == "unknown_parent") throw begun_on_squashed(error, files);
    if (error.code() != "duplicate_revision") throw;
    throw duplicate(error, files);
  }
}

const std::string& recorded_checksum(const ledger::Revision& revision, Direction direction) {
  return direction == Direction::upgrade ? revision.upgrade_checksum : revision.downgrade_checksum;
}

const revision::Section* section_of(const File& file, Direction direction) {
  if (direction == Direction::upgrade) return &file.upgrade;
  return file.downgrade ? &*file.downgrade : nullptr;
}

// Whether the section is what was recorded. Its checksum says so at once; if it differs, only the
// text without layout and comments decides.
bool same_script(const File& file, const ledger::Revision& revision, Direction direction,
                 const Recorded& recorded) {
  const std::string& checksum = recorded_checksum(revision, direction);
  const revision::Section* section = section_of(file, direction);
  const std::string ours = section == nullptr ? std::string{} : section->checksum;
  // A stamp or an adoption may have recorded none.
  if (checksum == ours || (checksum.empty() && revision.action != "upgrade")) return true;
  const std::optional<std::string> text =
      checksum.empty() ? std::string{} : recorded(revision, direction);
  if (!text) return false;
  return sql::squeezed(*text) ==
         (section == nullptr ? std::string{} : sql::squeezed(revision::text(file, *section)));
}

// An applied id without a file, whose script stands under an id that is not applied: it was
// renamed.
const File* renamed_file(const Project& project, const std::unordered_set<std::string>& applied,
                         const ledger::Revision& revision) {
  if (revision.upgrade_checksum.empty()) return nullptr;
  for (const File& file : project.files())
    if (file.upgrade.checksum == revision.upgrade_checksum && !applied.contains(file.id))
      return &file;
  return nullptr;
}

Error edited(const Contradiction& found) {
  return Error(Exit::integrity, "edited_revision",
               "revision \"" + found.revision + "\" was edited after it was applied",
               "the " + found.section + " section of " + found.file + " is not what the ledger has",
               "take the edit back (git checkout -- " + found.file +
                   ") and put it into a new revision: steward revision -m \"...\"");
}

Error renamed(const Contradiction& found) {
  return Error(Exit::integrity, "renamed_revision",
               "revision \"" + found.revision + "\" was renamed after it was applied",
               found.file + " holds its script under another id",
               "give the file and its header the id " + found.revision + " back");
}

Error missing(const Contradiction& found) {
  return Error(Exit::integrity, "missing_revision",
               "revision \"" + found.revision + "\" is applied and has no file",
               "an older release, another branch, or a file that was deleted",
               "bring the file back (git log --diff-filter=D -- '*" + found.revision +
                   "*'), use the release that has it, undo it with what the ledger keeps (steward "
                   "downgrade), or leave it as it is: --ignore-future");
}

Error as_error(const Contradiction& found) {
  switch (found.kind) {
    case Contradiction::Kind::edited: {
      Error error = edited(found);
      error.at(Place{found.file, 0, 0, 0, {}});
      return error;
    }
    case Contradiction::Kind::renamed:
      return renamed(found);
    case Contradiction::Kind::missing:
      break;
  }
  return missing(found);
}

void require_way_back(const File& file) {
  if (file.downgrade) return;
  const bool declared = file.irreversible.has_value();
  if (file.copy && !declared)
    throw Error(Exit::graph, "no_downgrade",
                "revision \"" + file.id +
                    "\" cannot be undone from here: it has no file, and the "
                    "ledger keeps no downgrade script of it",
                "", "use the release that has its file");
  Error error(Exit::graph, declared ? "irreversible" : "no_downgrade",
              declared
                  ? "revision \"" + file.id + "\" cannot be undone: it is irreversible"
                  : "revision \"" + file.id + "\" cannot be undone: it has no downgrade section",
              declared ? *file.irreversible : std::string{},
              declared ? "write a new revision that goes the way back: steward revision -m \"...\""
                       : "add a section \"-- steward:downgrade\" to the file");
  error.at(Place{file.path.string(), 0, 0, 0, {}});
  throw error;
}

bool is_revised(const Project& project, const std::unordered_set<std::string>& applied,
                const std::string& id) {
  const revision::Ids children = project.graph().children(id);
  return std::any_of(children.begin(), children.end(),
                     [&](const std::string& child) { return applied.contains(child); });
}

// Gives each step the heads that the ledger will have before it, by the rule of
// steward.heads_after(): what a revision revises gives way to it; undone, its parents come back
// where nothing else revises them.
void expect_heads(const Project& project, std::unordered_set<std::string> applied, Plan& plan) {
  std::vector<std::string> heads = plan.expected;
  for (Step& step : plan.steps) {
    step.expected = heads;
    const File& file = *step.file;
    const bool upward = step.direction == Direction::upgrade;
    std::erase_if(heads, [&](const std::string& head) {
      return head == file.id ||
             (upward && std::ranges::find(file.parents, head) != file.parents.end());
    });
    if (upward) {
      applied.insert(file.id);
      heads.push_back(file.id);
      continue;
    }
    applied.erase(file.id);
    for (const std::string& parent : file.parents)
      if (applied.contains(parent) && !is_revised(project, applied, parent))
        heads.push_back(parent);
  }
}

const File& file_of(const Project& project, const std::string& id) {
  if (const File* file = project.find(id)) return *file;
  throw missing({Contradiction::Kind::missing, id, {}, {}});
}

}  // namespace

std::string_view name_of(Direction direction) {
  return direction == Direction::upgrade ? "upgrade" : "downgrade";
}

const revision::Section& section_of(const Step& step) {
  return step.direction == Direction::upgrade ? step.file->upgrade : *step.file->downgrade;
}

Project::Project(std::vector<File> files, std::vector<File> recalled) : files_(std::move(files)) {
  refuse_replaced(files_);
  if (!recalled.empty()) own_graph_ = graph_of(files_);
  std::move(recalled.begin(), recalled.end(), std::back_inserter(files_));
  graph_ = graph_of(files_);
  index_.reserve(files_.size());
  for (File& file : files_) {
    // Labels and prefixes as the ids they mean, which is what the ledger compares.
    if (!file.depends_on.empty()) file.depends_on = graph_.node(file.id).depends_on;
    index_.emplace(file.id, &file);
  }
}

const File* Project::find(std::string_view id) const {
  const auto found = index_.find(id);
  return found == index_.end() ? nullptr : found->second;
}

std::vector<Contradiction> contradictions(const Project& project, const ledger::State& state,
                                          const Recorded& recorded) {
  std::vector<Contradiction> found;
  const std::unordered_set<std::string> applied = state.applied();
  for (const ledger::Revision& revision : state.revisions) {
    const File* file = project.find(revision.id);
    if (file == nullptr || file->copy) {
      const File* other = renamed_file(project, applied, revision);
      found.push_back({other ? Contradiction::Kind::renamed : Contradiction::Kind::missing,
                       revision.id,
                       other ? other->path.string() : std::string{},
                       {}});
      continue;
    }
    for (const Direction direction : {Direction::upgrade, Direction::downgrade})
      if (!same_script(*file, revision, direction, recorded))
        found.push_back({Contradiction::Kind::edited, revision.id, file->path.string(),
                         std::string(name_of(direction))});
  }
  return found;
}

void require_integrity(const Project& project, const ledger::State& state, const Recorded& recorded,
                       Missing accepted) {
  for (const Contradiction& found : contradictions(project, state, recorded))
    if (found.kind != Contradiction::Kind::missing || accepted == Missing::refuse)
      throw as_error(found);
}

Plan upgrade(const Project& project, const ledger::State& state, std::string_view target) {
  Plan plan{{}, state.heads};
  for (const std::string& id : revision::upgrade_path(project.own_graph(), state.applied(), target))
    plan.steps.push_back({&file_of(project, id), Direction::upgrade, {}});
  expect_heads(project, state.applied(), plan);
  return plan;
}

Plan downgrade(const Project& project, const ledger::State& state, std::string_view target) {
  Plan plan{{}, state.heads};
  for (const std::string& id : revision::downgrade_path(project.graph(), state.applied(), target)) {
    const File& file = file_of(project, id);
    require_way_back(file);
    plan.steps.push_back({&file, Direction::downgrade, {}});
  }
  expect_heads(project, state.applied(), plan);
  return plan;
}

}  // namespace steward::plan
