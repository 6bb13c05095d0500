#include "runner/command/recording.h"

#include "runner/recall.h"
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

void send(Session& session, const std::string& action, const std::vector<Change>& changes,
          const Json& detail) {
  const std::string run = revision::new_id();
  std::string message = "BEGIN;\n";
  for (const Change& change : changes) {
    Json entry = entry_of(session, action, change);
    entry["run"] = run;
    if (!detail.is_null()) entry["detail"].update(detail);
    if (&change == changes.data()) entry["expected"] = session.state().heads;
    message += "SELECT steward.record(" + quote_literal(to_text(entry)) + ");\n";
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

}  // namespace

void record(Session& session, const std::string& action, const std::vector<Change>& changes,
            const Json& detail) {
  if (changes.empty()) return;
  try {
    send(session, action, changes, detail);
  } catch (const pg::QueryFailed& failed) {
    throw refused(failed);
  }
}

}  // namespace steward::command
