// Cost: what a lock makes wait, and for roughly how long at the table's size. The rates are stated,
// not measured where the deploy runs: docs/safety.md says where they come from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "runner/safety/effects.h"
#include "runner/safety/knowledge.h"

namespace steward::safety {

// Where rules draw their lines; [safety] of steward.toml.
struct Limits {
  double read_rate = 200;                         // MB a second that a scan reads
  double write_rate = 40;                         // and that a rewrite writes, indexes included
  std::int64_t large_table = 1024 * 1024 * 1024;  // bytes, without indexes
  double short_wait = 1;                          // seconds nobody minds
  double longest_lock_timeout = 30;               // seconds
  double hot_table = 50;                          // writes a second
  double lock_budget = 60;  // seconds of blocking locks, all pending revisions
  int most_changes = 5;     // relations that a revision alters
  int statements_under_lock = 10;
};

// Seconds that the lock is held for the work; nullopt: no size is known. Work on the catalog alone
// takes no time.
std::optional<double> seconds_for(const Touch& touch, const Knowledge& known, const Limits& limits);

// "AccessExclusiveLock on orders (12 GB, about 80,000,000 rows): all reads and writes of it wait,
// for about 60 s while it is read"
std::string cost_of(const Touch& touch, const Knowledge& known, const Limits& limits);

// Whether sessions that read or write rows wait for it.
bool blocks_use(Lock lock);

std::string format_bytes(std::int64_t bytes);
std::string format_seconds(double seconds);

}  // namespace steward::safety
