#include "runner/ship/fault.h"

#include <array>
#include <utility>

namespace steward::ship {
namespace {

struct Advice {
  std::string_view sqlstate;
  std::string_view hint;
};

// What the server does not know to say, because it does not know of sections.
constexpr std::array<Advice, 5> advice{{
    {"25001",
     "write transaction=off behind the section's marker: -- steward:upgrade transaction=off"},
    {"2D000", "a procedure that commits needs transaction=off behind the section's marker"},
    {"55P04",
     "put ALTER TYPE ... ADD VALUE into a revision of its own, before the one that uses the value"},
    {"ST001", "see what is applied now, then run it again: steward status"},
    {"55P03",
     "see who is in the way: steward locks, while it waits; "
     "or wait longer: lock_timeout=30s behind the section's marker"},
}};

std::string hint_for(const pg::Failure& failure) {
  for (const Advice& known : advice)
    if (known.sqlstate == failure.sqlstate) return std::string(known.hint);
  if (!failure.hint.empty()) return failure.hint;
  if (failure.message.find("row-level security") != std::string::npos)
    return "the step runs with row_security off, so that no row is silently left out: let the "
           "table's owner "
           "run it without FORCE ROW LEVEL SECURITY, or a role with BYPASSRLS (role=... behind the "
           "marker)";
  return "";
}

std::pair<Exit, const char*> kind_of(const pg::Failure& failure, bool part_done) {
  if (failure.sqlstate == "55P03") return {Exit::lock_timeout, "lock_timeout"};
  if (failure.sqlstate == "ST001") return {Exit::locked, "heads_moved"};
  if (part_done) return {Exit::partial, "step_failed"};
  return {Exit::failed, "step_failed"};
}

}  // namespace

Remedy remedy_for(const pg::Failure& failure, bool begun, bool any_result) {
  const std::string& state = failure.sqlstate;
  if (!begun && state == "55P03") return Remedy::wait;
  if (!begun && state == "ST001") return Remedy::replan;
  if (state == "55P03" || state == "40P01" || state == "40001") return Remedy::retry;
  if (!any_result && failure.position > 0) return Remedy::piece;
  return Remedy::none;
}

Error as_error(const pg::Failure& failure, const plan::Step& step, std::optional<Place> place,
               bool part_done) {
  auto [exit, code] = kind_of(failure, part_done);
  std::string message = std::string(plan::name_of(step.direction)) + " of revision \"" +
                        step.file->id + "\" failed: " + failure.message;
  Error error(exit, code, message, failure.detail, hint_for(failure));
  error.sqlstate = failure.sqlstate;
  error.context = failure.context;
  if (place) error.at(std::move(*place));
  return error;
}

}  // namespace steward::ship
