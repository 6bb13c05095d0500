#include "runner/command/own_rows.h"

#include <chrono>

#include "runner/diff.h"
#include "runner/safety/cost.h"
#include "runner/shadow/copy.h"
#include "runner/text.h"

namespace steward::command {
namespace {

using Clock = std::chrono::steady_clock;

void tell_copied(Session& session, const shadow::Copied& copied) {
  for (const std::string& name : copied.without_rows)
    session.output().warning("the rows of foreign table " + name + " were not copied");
  session.output().note("copied " + counted(copied.tables, "table") + ", " +
                        safety::format_bytes(copied.bytes) + ", into a throwaway database");
}

void run_pending(Session& session, shadow::Shadow& copy) {
  const plan::Plan pending = plan::upgrade(session.project(), session.state(), "heads");
  for (const plan::Step& step : pending.steps) {
    try {
      copy.step(step);
    } catch (Error& error) {
      Error refused(
          Exit::refused, "rows_not_tried",
          "revision \"" + step.file->id +
              "\", which the database lacks, does not run on a copy of it: " + error.what(),
          error.detail(), "mend that revision first, or leave --with-rows away");
      if (error.place()) refused.at(*error.place());
      throw refused;
    }
  }
}

// What is said of objects (who may use them, what they are for) makes no difference to rows.
snapshot::Snapshot without_remarks(snapshot::Snapshot schema) {
  std::erase_if(schema.facts,
                [](const auto& entry) { return entry.second.kind == "default privileges"; });
  for (auto& [id, fact] : schema.facts) {
    for (const char* remark : {"acl", "acl_default", "sequence_acl", "sequence_acl_default",
                               "comment", "own_comment", "label", "owner"})
      fact.definition.erase(remark);
    fact.hash = id + fact.definition.dump();
  }
  return schema;
}

void require_at(shadow::Shadow& copy, const snapshot::Snapshot& made) {
  const snapshot::Snapshot now = without_remarks(snapshot::read(copy.connection()));
  const snapshot::Snapshot from = without_remarks(made);
  if (now.fingerprint() == from.fingerprint()) return;
  throw Error(Exit::refused, "rows_not_tried",
              "the change cannot be tried on the database's rows: its schema is not the one that "
              "the revisions make",
              joined(diff::summary(from, now), "\n"),
              "steward drift says who changed it; steward drift --adopt or --revert mends it");
}

}  // namespace

void try_on_own_rows(Session& session, const url::Target& server, const witness::Claim& claim,
                     const snapshot::Snapshot& from, const snapshot::Snapshot& to,
                     const std::string& limit) {
  const Clock::time_point begin = Clock::now();
  session.state();  // says what is wrong with the ledger before anything is copied
  shadow::Shadow copy(server);
  tell_copied(session, shadow::copy(copy, session.connection(), *config::parse_bytes(limit)));
  run_pending(session, copy);
  require_at(copy, from);
  const std::size_t rows = witness::try_on_copy(copy, claim, from, to);
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  session.output().note("tried on the database's own rows: " + counted(rows, "row") +
                        " came through, there and back, in " + safety::format_seconds(seconds));
}

}  // namespace steward::command
