#include "runner/revision/marker.h"

#include <algorithm>
#include <array>
#include <utility>

#include "runner/sql/fault.h"
#include "runner/text.h"

namespace steward::revision {
namespace {

constexpr std::string_view prefix = "steward:";

constexpr std::array<std::string_view, 4> names{"upgrade", "downgrade", "verify", "irreversible"};
constexpr std::array<std::string_view, 6> units{"", "us", "ms", "s", "min", "h"};

// Walks over a marker's line, and knows where it stands when something is wrong.
class Cursor {
 public:
  Cursor(std::string_view line, std::uint64_t offset)
      : begin_(line.data()), rest_(trim(line)), offset_(offset) {}

  bool done() {
    skip_space();
    return rest_.empty();
  }
  std::string_view rest() const { return rest_; }
  std::uint64_t offset() const {
    return offset_ + static_cast<std::uint64_t>(rest_.data() - begin_);
  }
  void skip(std::size_t count) { rest_.remove_prefix(count); }
  // Up to white space or one of `ends`.
  std::string_view word(std::string_view ends = "") {
    std::size_t size = 0;
    while (size < rest_.size() && !is_space(rest_[size]) &&
           ends.find(rest_[size]) == std::string_view::npos)
      ++size;
    std::string_view found = rest_.substr(0, size);
    skip(size);
    return found;
  }
  [[noreturn]] void fail(std::string code, std::string message, std::string hint) const {
    throw sql::Fault{std::move(code), std::move(message), std::move(hint), offset()};
  }

 private:
  void skip_space() {
    while (!rest_.empty() && is_space(rest_.front())) skip(1);
  }

  const char* begin_;
  std::string_view rest_;
  std::uint64_t offset_;
};

// value or "value with spaces"
std::string option_value(Cursor& cursor) {
  if (!cursor.rest().starts_with('"')) return std::string(cursor.word());
  cursor.skip(1);
  std::size_t size = cursor.rest().find('"');
  if (size == std::string_view::npos)
    cursor.fail("bad_option", "a quoted value is not closed", "close it with \"");
  std::string value(cursor.rest().substr(0, size));
  cursor.skip(size + 1);
  return value;
}

// 2s, 500ms, 1.5min, 0: as the server writes a time.
bool is_duration(std::string_view value) {
  std::size_t digits = std::min(value.find_first_not_of("0123456789"), value.size());
  std::string_view unit = trim(value.substr(digits));
  if (unit.starts_with('.')) {
    std::size_t fraction = std::min(unit.find_first_not_of("0123456789", 1), unit.size());
    unit = trim(unit.substr(fraction));
  }
  return digits > 0 && std::find(units.begin(), units.end(), unit) != units.end();
}

void take_duration(const Cursor& at, std::string_view name, std::string& place, std::string value) {
  if (!is_duration(value))
    at.fail("bad_option", std::string(name) + " is not a time: " + in_quotes(value),
            "write it as PostgreSQL does: 2s, 500ms, 0");
  place = std::move(value);
}

void take_option(const Cursor& at, Options& options, std::string_view name, std::string value) {
  if (name == "transaction") {
    if (value != "on" && value != "off")
      at.fail("bad_option", "transaction is on or off, not " + in_quotes(value), "transaction=off");
    options.transaction = value == "on";
  } else if (name == "lock_timeout") {
    take_duration(at, name, options.lock_timeout, std::move(value));
  } else if (name == "statement_timeout") {
    take_duration(at, name, options.statement_timeout, std::move(value));
  } else if (name == "role") {
    if (value.empty()) at.fail("bad_option", "role is empty", "role=owner_role");
    options.role = std::move(value);
  } else {
    at.fail("unknown_option", "unknown option " + in_quotes(name),
            "the options are transaction, lock_timeout, statement_timeout and role");
  }
}

Options parse_options(Cursor& cursor) {
  Options options;
  std::vector<std::string_view> seen;
  while (!cursor.done()) {
    Cursor at = cursor;
    std::string_view name = cursor.word("=");
    if (!cursor.rest().starts_with('='))
      at.fail("bad_option", "option " + in_quotes(name) + " has no value",
              "options are written name=value, without spaces around the =");
    cursor.skip(1);
    if (std::find(seen.begin(), seen.end(), name) != seen.end())
      at.fail("repeated_option", "option " + in_quotes(name) + " is given twice", "");
    seen.push_back(name);
    take_option(at, options, name, option_value(cursor));
  }
  return options;
}

}  // namespace

std::string_view name_of(MarkerKind kind) {
  return names[static_cast<std::size_t>(kind)];
}

bool is_marker(std::string_view line) {
  std::string_view text = trim(line);
  return text.starts_with("--") && trim(text.substr(2)).starts_with(prefix);
}

Marker parse_marker(std::string_view line, std::uint64_t offset) {
  Cursor cursor(line, offset);
  cursor.skip(cursor.rest().find(prefix));
  Cursor start = cursor;
  cursor.skip(prefix.size());
  std::string_view name = cursor.word();
  auto known = std::find(names.begin(), names.end(), name);
  if (known == names.end())
    start.fail("unknown_marker",
               "unknown marker " + in_quotes(std::string(prefix) + std::string(name)),
               "the markers are steward:upgrade, steward:downgrade, steward:verify and "
               "steward:irreversible");
  Marker marker{static_cast<MarkerKind>(known - names.begin()), {}, {}};
  bool reason_follows = !cursor.done();
  if (marker.kind != MarkerKind::irreversible) {
    marker.options = parse_options(cursor);
  } else if (reason_follows) {
    marker.reason = cursor.rest();
  } else {
    start.fail("no_reason", "steward:irreversible gives no reason",
               "-- steward:irreversible why there is no way back");
  }
  return marker;
}

}  // namespace steward::revision
