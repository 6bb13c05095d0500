#include "runner/squash/settle.h"

#include <algorithm>

#include "runner/revision/directory.h"
#include "runner/text.h"

namespace steward::squash {
namespace {

using revision::File;
using revision::IdSet;

constexpr const char* folder = "squashed";

std::vector<std::string> applied_of(const File& squashed, const IdSet& applied) {
  std::vector<std::string> ids;
  for (const std::string& id : squashed.replaces)
    if (applied.contains(id)) ids.push_back(id);
  return ids;
}

bool stands_within(const File& file, const IdSet& applied) {
  return !applied.contains(file.id) && !applied_of(file, applied).empty();
}

Error within(const File& file, const IdSet& applied) {
  const std::string place = kept_in(file).string();
  return Error(Exit::integrity, "within_squash",
               "the database stands within revision \"" + file.id + "\", a squashed one",
               "of what it replaces only " + joined(applied_of(file, applied)) +
                   (applied_of(file, applied).size() == 1 ? " is" : " are") +
                   " applied, and the old files are not in " + place,
               "bring them back (git log --diff-filter=D -- " + place +
                   "), or upgrade it with the release before the squash first");
}

bool are_kept(const File& file) {
  std::error_code ignored;
  return std::filesystem::is_directory(kept_in(file), ignored);
}

void replace(std::vector<File>& files, std::size_t at) {
  std::vector<File> old = revision::read_directory(kept_in(files[at]));
  const auto place = files.erase(files.begin() + static_cast<std::ptrdiff_t>(at));
  files.insert(place, std::make_move_iterator(old.begin()), std::make_move_iterator(old.end()));
}

ledger::Revision row_of(const File& file, const ledger::Revision& like) {
  ledger::Revision row = like;
  row.id = file.id;
  row.parents = file.parents;
  row.message = file.message;
  row.upgrade_checksum = file.upgrade.checksum;
  row.downgrade_checksum = file.downgrade ? file.downgrade->checksum : std::string{};
  return row;
}

ledger::Revision& find(ledger::State& state, const std::string& id) {
  return *std::find_if(state.revisions.begin(), state.revisions.end(),
                       [&](const ledger::Revision& row) { return row.id == id; });
}

std::vector<ledger::Revision> rows_of(const File& file, const std::vector<std::string>& ids,
                                      ledger::State& state) {
  std::vector<ledger::Revision> rows;
  for (const std::string& id : ids) rows.push_back(find(state, id));
  rows.push_back(find(state, file.id));
  return rows;
}

void merge_rows(const File& file, const std::vector<std::string>& gone, ledger::State& state) {
  find(state, file.id) = row_of(file, find(state, file.id));
  std::erase_if(state.revisions, [&](const ledger::Revision& row) {
    return std::find(gone.begin(), gone.end(), row.id) != gone.end();
  });
}

void split_row(const plan::Project& project, const File& file, const std::vector<std::string>& ids,
               ledger::State& state) {
  const ledger::Revision like = find(state, file.id);
  find(state, file.id) = row_of(file, like);
  auto at = std::find_if(state.revisions.begin(), state.revisions.end(),
                         [&](const ledger::Revision& row) { return row.id == file.id; });
  for (const std::string& id : ids)
    at = std::next(state.revisions.insert(at, row_of(*project.find(id), like)));
}

// Whether the files have the whole row that the ledger has squashed, and none of it is applied.
bool has_row(const plan::Project& project, const std::vector<std::string>& ids,
             const IdSet& applied) {
  return std::all_of(ids.begin(), ids.end(), [&](const std::string& id) {
    return project.find(id) != nullptr && !applied.contains(id);
  });
}

}  // namespace

std::filesystem::path kept_in(const File& squashed) {
  const std::filesystem::path directory = squashed.path.parent_path();
  const bool kept = directory.parent_path().filename() == folder;
  return (kept ? directory.parent_path() : directory / folder) / squashed.id;
}

bool any(const std::vector<File>& files) {
  return std::any_of(files.begin(), files.end(),
                     [](const File& file) { return !file.replaces.empty(); });
}

std::vector<File> files_for(std::vector<File> files, const IdSet& applied) {
  // What comes in may be a squashed one itself, and is looked at in its turn.
  for (std::size_t at = 0; at < files.size();) {
    if (!stands_within(files[at], applied)) {
      ++at;
      continue;
    }
    if (!are_kept(files[at])) throw within(files[at], applied);
    replace(files, at);
  }
  return files;
}

std::vector<Unrecorded> settle(const plan::Project& project, const Replaced& recorded,
                               ledger::State& state) {
  std::vector<Unrecorded> list;
  const IdSet applied = state.applied();
  for (const File& file : project.files()) {
    if (!applied.contains(file.id) || file.copy) continue;
    if (std::vector<std::string> gone = applied_of(file, applied); !gone.empty()) {
      std::vector<ledger::Revision> rows = rows_of(file, gone, state);
      merge_rows(file, gone, state);
      list.push_back({file.id, std::move(gone), true, std::move(rows)});
    }
    const auto squashed = recorded.find(file.id);
    if (squashed == recorded.end() || !file.replaces.empty()) continue;
    if (!has_row(project, squashed->second, applied)) continue;
    split_row(project, file, squashed->second, state);
    list.push_back({file.id, squashed->second, false, {}});
  }
  return list;
}

std::optional<std::vector<File>> with_old_files(const std::vector<File>& files,
                                                const Unrecorded& squash) {
  IdSet rows;
  for (const ledger::Revision& row : squash.rows) rows.insert(row.id);
  std::vector<File> all = files;
  // What was squashed twice is taken apart twice, as far as the rows are.
  for (std::size_t at = 0; at < all.size();) {
    if (!rows.contains(all[at].id) || applied_of(all[at], rows).empty()) {
      ++at;
      continue;
    }
    if (!are_kept(all[at])) return std::nullopt;
    replace(all, at);
  }
  return all;
}

std::vector<std::int64_t> doubtful(const plan::Project& project, const ledger::State& state) {
  std::vector<std::int64_t> rows;
  for (const ledger::Revision& row : state.revisions)
    if (const File* file = project.find(row.id))
      if (file->replaces.empty() && file->upgrade.checksum != row.upgrade_checksum)
        rows.push_back(row.seq);
  return rows;
}

}  // namespace steward::squash
