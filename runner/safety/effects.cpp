#include "runner/safety/effects.h"

#include <array>

namespace steward::safety {
namespace {

constexpr std::array<std::string_view, 9> lock_names{"",
                                                     "AccessShareLock",
                                                     "RowShareLock",
                                                     "RowExclusiveLock",
                                                     "ShareUpdateExclusiveLock",
                                                     "ShareLock",
                                                     "ShareRowExclusiveLock",
                                                     "ExclusiveLock",
                                                     "AccessExclusiveLock"};

}  // namespace

std::string_view name_of(Lock lock) {
  return lock_names[static_cast<std::size_t>(lock)];
}

}  // namespace steward::safety
