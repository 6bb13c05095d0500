#include "runner/command/recording.h"

#include <algorithm>
#include <thread>

#include "runner/recall.h"
#include "runner/signals.h"
#include "runner/text.h"

namespace steward::command {
namespace {

// Scripts above this size are not kept without running them, only their checksums are.
constexpr std::uint64_t largest_script = 256 * 1024;

// A message of about this size is sent, and the next one begun.
constexpr std::size_t message_size = 1024 * 1024;

void add_script(Json& entry, const std::string& name, const revision::File& file,
                const revision::Section& section) {
  entry[name + "_checksum"] = section.checksum;
  if (section.length <= largest_script) entry[name] = revision::text(file, section);
}

void describe(Json& entry, const revision::File& file) {
  entry["parents"] = file.parents;
  entry["depends_on"] = file.depends_on;
  entry["labels"] = file.labels;
  entry["message"] = file.message;
  add_script(entry, "upgrade", file, file.upgrade);
  if (file.downgrade) add_script(entry, "downgrade", file, *file.downgrade);
}

Json entry_of(Session& session, const std::string& action, const Change& change) {
  Json entry = {{"action", action},
                {"revision", change.id},
                {"direction", change.applied ? "upgrade" : "downgrade"},
                {"runner", "steward " STEWARD_VERSION}};
  if (const revision::File* file = session.project().find(change.id)) {
    describe(entry, *file);
    if (const Json remembered = recall::remembered(*file); !remembered.is_null())
      entry["detail"] = remembered;
  } else if (const ledger::Revision* recorded = session.state().find(change.id)) {
    entry["parents"] = recorded->parents;
    entry["message"] = recorded->message;
  }
  if (change.keeps_heads) entry["parents"] = Json::array();
  return entry;
}

// A row that is to be written.
struct Row {
  std::string action;
  Change change;
  Json detail = nullptr;
};

// The old rows make way for the squashed one, or it for them. What it stands on, and what stands on
// it, stays: its id is that of the last of them.
void add_rows(const squash::Unrecorded& squash, std::vector<Row>& rows) {
  if (squash.squashes)
    for (auto id = squash.replaced.rbegin(); id != squash.replaced.rend(); ++id)
      rows.push_back({"stamp", {*id, false, true}, {{"replaced_by", squash.revision}}});
  else
    for (const std::string& id : squash.replaced) rows.push_back({"stamp", {id, true}});
  rows.push_back({"stamp", {squash.revision, true}});
}

std::vector<Row> squash_rows(Session& session) {
  std::vector<Row> rows;
  for (const squash::Unrecorded& squash : session.unrecorded()) add_rows(squash, rows);
  return rows;
}

std::string statement_of(Session& session, const Row& row, const std::string& run, bool first) {
  Json entry = entry_of(session, row.action, row.change);
  entry["run"] = run;
  if (!row.detail.is_null()) entry["detail"].update(row.detail);
  if (first) entry["expected"] = session.state().heads;
  return "SELECT steward.record(" + quote_literal(to_text(entry)) + ");\n";
}

void send(Session& session, const std::vector<Row>& rows) {
  const std::string run = revision::new_id();
  std::string message = "BEGIN;\n";
  for (const Row& row : rows) {
    message += statement_of(session, row, run, &row == rows.data());
    if (message.size() < message_size) continue;
    session.connection().run(message);
    message.clear();
  }
  session.connection().run(message + "COMMIT;");
}

Error refused(const pg::QueryFailed& failed) {
  if (failed.failure.sqlstate == "55P03")
    return pg::as_error(failed.failure, Exit::locked, "runner_locked");
  if (failed.failure.sqlstate == "ST001")
    return pg::as_error(failed.failure, Exit::locked, "heads_moved");
  if (failed.failure.sqlstate == "42501")
    return pg::as_error(failed.failure, Exit::refused, "no_privilege");
  return failed;
}

// What the old files say was applied must be what was: the squashed one was made of them. Where
// they are gone nobody can tell.
void require_unedited(Session& session, const squash::Unrecorded& squash) {
  if (!squash.squashes) return;
  auto files = squash::with_old_files(session.project().files(), squash);
  if (!files) return;
  ledger::State old;
  old.revisions = squash.rows;
  plan::require_integrity(plan::Project(std::move(*files)), old, session.recorded(),
                          plan::Missing::accept);
}

}  // namespace

void record(Session& session, const std::string& action, const std::vector<Change>& changes,
            const Json& detail) {
  std::vector<Row> rows = squash_rows(session);
  for (const Change& change : changes) rows.push_back({action, change, detail});
  if (rows.empty()) return;
  try {
    send(session, rows);
  } catch (const pg::QueryFailed& failed) {
    throw refused(failed);
  }
  session.told_of_squashes();
}

namespace {

// Another runner may be telling the same: what is said twice is still true.
void record_when_free(Session& session, std::chrono::milliseconds wait) {
  const auto deadline = std::chrono::steady_clock::now() + wait;
  for (;;) {
    try {
      return record(session, "stamp", {});
    } catch (const Error& error) {
      if (error.code() != "runner_locked" || std::chrono::steady_clock::now() > deadline) throw;
    }
    if (session.connection().transaction() != pg::Transaction::idle)
      session.connection().run("ROLLBACK");
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    signals::check();
  }
}

}  // namespace

void record_squashes(Session& session, bool all, std::chrono::milliseconds wait) {
  const auto& squashes = session.unrecorded();
  const bool any =
      std::any_of(squashes.begin(), squashes.end(),
                  [all](const squash::Unrecorded& one) { return all || one.squashes; });
  if (!any) return;
  for (const squash::Unrecorded& one : squashes) {
    require_unedited(session, one);
    session.output().note(one.squashes
                              ? "revision " + one.revision + " replaces " + joined(one.replaced) +
                                    ", and is recorded in their place"
                              : "these files are older than the squash of revision " +
                                    one.revision + ": what it replaced is recorded again");
  }
  record_when_free(session, wait);
}

std::string squash_statements(Session& session) {
  std::string text;
  const std::string run = revision::new_id();
  for (const Row& row : squash_rows(session)) text += statement_of(session, row, run, text.empty());
  return text;
}

}  // namespace steward::command
