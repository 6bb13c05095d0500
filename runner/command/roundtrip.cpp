#include "runner/command/roundtrip.h"

#include <map>

#include "runner/command/listing.h"
#include "runner/command/schema.h"
#include "runner/diff.h"

namespace steward::command {
namespace {

enum class Outcome {
  ok,
  irreversible,
  column_order,  // it comes back, with a column in another place: a dropped one returns as the last
  no_downgrade,
  fails,
  does_not_restore,
  differs_the_second_time,
};

const char* name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
      return "ok";
    case Outcome::irreversible:
      return "irreversible";
    case Outcome::column_order:
      return "restores with another column order";
    case Outcome::no_downgrade:
      return "no downgrade";
    case Outcome::fails:
      return "fails";
    case Outcome::does_not_restore:
      return "does not restore";
    case Outcome::differs_the_second_time:
      break;
  }
  return "differs the second time";
}

// The order of columns is told, and is not wrong: no statement could set it right.
bool is_wrong(Outcome outcome) {
  return outcome > Outcome::column_order;
}

bool leaves_a_mess(Outcome outcome) {
  return outcome > Outcome::no_downgrade;
}

struct Finding {
  std::string revision;
  Outcome outcome;
  std::vector<std::string> details;  // the objects, or the error
};

using Steps = std::vector<plan::Step>;
using snapshot::Snapshot;

// Revisions are tried on it one after the other; schema is what it has now.
struct Bench {
  std::unique_ptr<shadow::Shadow> shadow;
  Snapshot schema;
};

Snapshot schema_of(Bench& bench) {
  return snapshot::read(bench.shadow->connection());
}

// With the first `count` steps applied.
Bench build(Session& session, const url::Target& server, const Steps& steps, std::size_t count) {
  Bench bench{new_shadow(session, server), {}};
  for (std::size_t at = 0; at < count; ++at) bench.shadow->step(steps[at]);
  bench.schema = schema_of(bench);
  return bench;
}

// The columns of each table, in their order.
std::map<std::string, std::vector<std::string>> column_orders(const Snapshot& schema) {
  std::map<std::string, std::map<std::int64_t, std::string>> placed;
  for (const auto& [id, fact] : schema.facts)
    if (fact.kind == "column" && fact.has("type"))
      placed[fact.parent][fact.value("position").get<std::int64_t>()] =
          fact.identity.substr(fact.identity.rfind('.') + 1);
  std::map<std::string, std::vector<std::string>> orders;
  for (const auto& [table, columns] : placed)
    for (const auto& [position, column] : columns) orders[table].push_back(column);
  return orders;
}

std::vector<std::string> reordered(const Snapshot& before, const Snapshot& after) {
  const auto was = column_orders(before);
  std::vector<std::string> lines;
  for (const auto& [table, columns] : column_orders(after))
    if (const auto found = was.find(table); found != was.end() && found->second != columns)
      lines.push_back("~ " + table + ": " + joined(found->second) + " became " + joined(columns));
  return lines;
}

// Down and up again, from the schema after the revision.
Finding examine_way_back(Bench& bench, const plan::Step& up, const Snapshot& before) {
  const Snapshot after = schema_of(bench);
  bench.shadow->step({up.file, plan::Direction::downgrade});
  const Snapshot back = schema_of(bench);
  const auto lost = diff::summary(before, back);
  if (!lost.empty()) return {up.file->id, Outcome::does_not_restore, lost};
  bench.shadow->step(up);
  bench.schema = schema_of(bench);
  const auto other = diff::summary(after, bench.schema);
  if (!other.empty()) return {up.file->id, Outcome::differs_the_second_time, other};
  const auto moved = reordered(before, back);
  return {up.file->id, moved.empty() ? Outcome::ok : Outcome::column_order, moved};
}

std::string told(const Error& error) {
  const auto& place = error.place();
  return (place ? place->file + ":" + std::to_string(place->line) + ": " : "") + error.what();
}

// Applies the revision to a shadow that stands before it. Throws when the upgrade itself fails.
Finding examine(Bench& bench, const plan::Step& up) {
  const Snapshot before = std::move(bench.schema);
  bench.shadow->step(up);
  if (up.file->irreversible || !up.file->downgrade) {
    bench.schema = schema_of(bench);
    return {up.file->id, up.file->irreversible ? Outcome::irreversible : Outcome::no_downgrade, {}};
  }
  try {
    return examine_way_back(bench, up, before);
  } catch (const Error& error) {
    return {up.file->id, Outcome::fails, {told(error)}};
  }
}

void print(Session& session, const Finding& finding) {
  const bool good = finding.outcome == Outcome::ok || finding.outcome == Outcome::irreversible;
  if (good && !session.output().verbose()) return;
  session.output().line(finding.revision + "  " + name_of(finding.outcome));
  for (const std::string& detail : finding.details) session.output().line("  " + detail);
}

}  // namespace

Exit roundtrip(Session& session) {
  const Steps steps = plan::upgrade(session.project(), {}, "heads").steps;
  const url::Target server = shadow_server(session);
  Bench bench = build(session, server, steps, 0);
  std::size_t wrong = 0;
  Json list = Json::array();
  for (std::size_t at = 0; at < steps.size(); ++at) {
    const Finding finding = examine(bench, steps[at]);
    print(session, finding);
    wrong += is_wrong(finding.outcome) ? 1 : 0;
    list.push_back({{"revision", finding.revision},
                    {"outcome", name_of(finding.outcome)},
                    {"details", finding.details}});
    // The schema is now neither the one nor the other: what follows begins from a new one.
    if (leaves_a_mess(finding.outcome)) bench = build(session, server, steps, at + 1);
  }
  session.output().object({{"verb", "roundtrip"}, {"revisions", list}});
  session.output().say(counted(list.size(), "revision") + " tried, " + std::to_string(wrong) +
                       " wrong");
  return wrong == 0 ? Exit::done : Exit::differences;
}

}  // namespace steward::command
