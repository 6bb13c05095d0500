#include "runner/command/repair.h"

#include <functional>
#include <iostream>

#include "runner/command/listing.h"
#include "runner/command/recording.h"

namespace steward::command {
namespace {

using terminal::Tone;

// Something that is wrong, and what would be done about it. Without an action it is only told.
struct Mend {
  std::string kind;
  std::string object;
  std::string wrong;
  std::string action;
  std::function<void()> act{};
};

using Mends = std::vector<Mend>;

// Neither one that is being built right now, nor a partitioned one, whose parts come later.
constexpr const char* invalid_indexes =
    "SELECT i.indexrelid::pg_catalog.regclass::text, i.indrelid::pg_catalog.regclass::text"
    " FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid"
    " WHERE NOT i.indisvalid AND c.relkind = 'i' AND c.relpersistence <> 't'"
    " AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks AS l WHERE l.relation = i.indrelid"
    " AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted) ORDER BY 1";

void find_indexes(Session& session, Mends& mends) {
  const pg::Rows rows = session.connection().query(invalid_indexes);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::string name(rows.text(row, 0));
    const std::string statement = "DROP INDEX CONCURRENTLY " + name;
    mends.push_back({"invalid_index", name, "it is INVALID: its building was interrupted",
                     statement + ", on table " + std::string(rows.text(row, 1)),
                     [&session, statement] { session.connection().run(statement); }});
  }
}

void find_edits(Session& session, Mends& mends) {
  std::string last;
  for (const plan::Contradiction& found :
       plan::contradictions(session.project(), session.state(), session.recorded())) {
    const std::string id = found.revision;
    if (found.kind != plan::Contradiction::Kind::edited) {
      mends.push_back({"missing_revision", id, "it is applied and has no file here",
                       "nothing: bring its file back, or steward downgrade"});
      continue;
    }
    if (id == last) continue;
    last = id;
    mends.push_back({"edited_revision", id, found.file + " was edited after it was applied",
                     "a ledger row that records the scripts as the file has them now; the database "
                     "is not touched",
                     [&session, id] {
                       record(session, "repair", {{id, true}});
                     }});
  }
}

void tell_open_steps(Session& session, Mends& mends) {
  for (const ledger::OpenStep& step : session.state().open_steps)
    mends.push_back({"open_step", step.revision,
                     "its " + step.direction + " was interrupted after " +
                         counted(static_cast<std::size_t>(step.statements_done), "statement"),
                     "nothing: steward " + step.direction +
                         " goes on with it; if that is not wanted: steward repair --finish " +
                         step.revision + ", or --undo " + step.revision});
}

const ledger::OpenStep& open_step(Session& session, const std::string& id) {
  for (const ledger::OpenStep& step : session.state().open_steps)
    if (step.revision == id) return step;
  throw Error(Exit::graph, "no_open_step", "revision \"" + id + "\" has no interrupted step", "",
              "see which there are: steward status");
}

// The row says where the revision is from now on; a step that never began leaves the heads as they
// are.
void close_step(Session& session, const std::string& id, bool finish, Mends& mends) {
  const bool upward = open_step(session, id).direction == "upgrade";
  const Change change{id, upward == finish, !finish && upward};
  mends.push_back(
      {"open_step", id, "its " + std::string(upward ? "upgrade" : "downgrade") + " was interrupted",
       std::string("a ledger row by which it counts as ") +
           (change.applied ? "applied" : "not applied") + "; the database is not touched",
       [&session, change] { record(session, "repair", {change}); }});
}

Mends find(Session& session, const RepairOptions& options) {
  Mends mends;
  if (!options.finish.empty()) close_step(session, options.finish, true, mends);
  if (!options.undo.empty()) close_step(session, options.undo, false, mends);
  if (!mends.empty()) return mends;
  find_edits(session, mends);
  tell_open_steps(session, mends);
  find_indexes(session, mends);
  return mends;
}

void print(report::Output& output, const Mends& mends) {
  for (const Mend& mend : mends) {
    output.line(output.paint(Tone::bad, mend.object) + ": " + terminal::harmless(mend.wrong));
    output.line("  writes " + terminal::harmless(mend.action));
  }
}

bool agreed(Session& session) {
  if (session.globals().yes) return true;
  const report::Output& output = session.output();
  if (output.json() || output.quiet() || !terminal::interactive()) {
    session.output().note("nothing was written; to do it: steward repair --yes");
    return false;
  }
  session.output().note("do this? [y/N]");
  std::string answer;
  std::getline(std::cin, answer);
  answer = lower(trim(answer));
  return answer == "y" || answer == "yes";
}

Json objects(const Mends& mends, bool done) {
  Json list = Json::array();
  for (const Mend& mend : mends)
    list.push_back({{"kind", mend.kind},
                    {"object", mend.object},
                    {"wrong", mend.wrong},
                    {"action", mend.action},
                    {"done", done && mend.act != nullptr}});
  return list;
}

}  // namespace

Exit repair(Session& session, const RepairOptions& options) {
  if (session.state().extension()) ledger::require_writable(session.state());
  const Mends mends = find(session, options);
  report::Output& output = session.output();
  print(output, mends);
  if (mends.empty()) output.say("nothing to repair");
  const bool any =
      std::any_of(mends.begin(), mends.end(), [](const Mend& mend) { return mend.act != nullptr; });
  const bool act = any && agreed(session);
  for (const Mend& mend : mends) {
    if (!act || !mend.act) continue;
    mend.act();
    session.forget_state();
    output.say("done: " + mend.object);
  }
  output.object({{"verb", "repair"}, {"findings", objects(mends, act)}});
  return mends.empty() || act ? Exit::done : Exit::differences;
}

}  // namespace steward::command
