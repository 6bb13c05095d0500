#include "runner/untouched.h"

#include <dirent.h>
#include <sys/stat.h>

#include <memory>
#include <unordered_map>

namespace steward {
namespace {

// What clocks and file systems may be wrong by within one run.
constexpr std::int64_t tolerance = 1000;

// When each applied revision was applied, by this machine's clock.
std::unordered_map<std::string_view, std::int64_t> applied_times(const ledger::State& state) {
  std::unordered_map<std::string_view, std::int64_t> times;
  times.reserve(state.revisions.size());
  for (const ledger::Revision& revision : state.revisions)
    times.emplace(revision.id, revision.applied_at + state.local_clock - state.clock - tolerance);
  return times;
}

bool changed_after(int directory, const char* name, std::int64_t time) {
  struct stat status {};
  if (fstatat(directory, name, &status, 0) != 0) return true;
  return status.st_ctim.tv_sec * 1000 + status.st_ctim.tv_nsec / 1000000 > time;
}

}  // namespace

bool untouched(const std::filesystem::path& directory, const ledger::State& state) {
  auto times = applied_times(state);
  const std::unique_ptr<DIR, int (*)(DIR*)> open(opendir(directory.c_str()), &closedir);
  if (!open) return false;
  while (const dirent* entry = readdir(open.get())) {
    const std::string_view name = entry->d_name;
    if (name.starts_with('.') || !name.ends_with(".sql")) continue;
    // An id with an underscore is not found so, which only means a closer look.
    const auto applied = times.find(name.substr(0, std::min(name.find('_'), name.size() - 4)));
    if (applied == times.end()) return false;
    if (changed_after(dirfd(open.get()), entry->d_name, applied->second)) return false;
    times.erase(applied);
  }
  return times.empty();
}

}  // namespace steward
