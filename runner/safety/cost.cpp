#include "runner/safety/cost.h"

#include <array>
#include <cstdio>

namespace steward::safety {
namespace {

constexpr double megabyte = 1024.0 * 1024.0;

std::string rounded(double value, const char* unit) {
  std::array<char, 48> text;
  std::snprintf(text.data(), text.size(), value < 10 ? "%.1f %s" : "%.0f %s", value, unit);
  return text.data();
}

const char* what_waits(Lock lock) {
  switch (lock) {
    case Lock::access_exclusive:
      return "all reads and writes of it wait";
    case Lock::exclusive:
      return "all writes of it and SELECT ... FOR UPDATE wait";
    case Lock::share_row_exclusive:
    case Lock::share:
      return "all writes of it wait";
    case Lock::share_update_exclusive:
      return "only other schema changes and VACUUM wait";
    default:
      return "";
  }
}

std::string size_of(const Table& table) {
  if (!table.bytes) return {};
  std::string text = " (" + format_bytes(*table.bytes);
  if (table.rows && *table.rows >= 0) {
    std::array<char, 48> rows;
    std::snprintf(rows.data(), rows.size(), ", about %.0f rows", *table.rows);
    text += rows.data();
  }
  return text + ")";
}

}  // namespace

std::string format_bytes(std::int64_t bytes) {
  static constexpr std::array<const char*, 5> units{"B", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  if (unit == 0) return std::to_string(bytes) + " B";
  return rounded(value, units[unit]);
}

std::string format_seconds(double seconds) {
  if (seconds < 0.1) return "less than 0.1 s";
  if (seconds < 120) return "about " + rounded(seconds, "s");
  return seconds < 7200 ? "about " + rounded(seconds / 60, "min")
                        : "about " + rounded(seconds / 3600, "h");
}

bool blocks_use(Lock lock) {
  return lock >= Lock::share;
}

std::optional<double> seconds_for(const Touch& touch, const Knowledge& known,
                                  const Limits& limits) {
  if (!touch.scans && !touch.rewrites) return 0.0;
  const Table* table = known.find(touch.relation);
  if (table == nullptr || !table->bytes) return std::nullopt;
  const auto bytes = static_cast<double>(*table->bytes);
  double seconds = bytes / megabyte / limits.read_rate;
  if (touch.rewrites)
    seconds += (bytes + static_cast<double>(table->index_bytes)) / megabyte / limits.write_rate;
  return seconds;
}

std::string cost_of(const Touch& touch, const Knowledge& known, const Limits& limits) {
  if (touch.lock < Lock::share_update_exclusive) return {};
  const Table* table = known.find(touch.relation);
  std::string text = std::string(name_of(touch.lock)) + " on " + touch.relation +
                     (table == nullptr ? "" : size_of(*table)) + ": " + what_waits(touch.lock);
  const std::optional<double> seconds = seconds_for(touch, known, limits);
  const char* work = touch.rewrites ? " while it is written anew" : " while it is read";
  if (!touch.scans && !touch.rewrites) return text + ", for a moment once it is granted";
  return text + ", for " + (seconds ? format_seconds(*seconds) : "as long as it takes") + work;
}

}  // namespace steward::safety
