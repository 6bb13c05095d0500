#include "runner/command/stamp.h"

#include <algorithm>

#include "runner/command/listing.h"
#include "runner/revision/target.h"
#include "runner/text.h"

namespace steward::command {
namespace {

using revision::Ids;

// Scripts above this size are not kept by a stamp, only their checksums are.
constexpr std::uint64_t largest_script = 256 * 1024;

struct Change {
  std::string id;
  bool applied;  // from now on
};

Ids targets_of(Session& session, const std::vector<std::string>& targets) {
  Ids ids;
  for (const std::string& target : targets)
    for (std::string& id :
         revision::resolve(session.project().graph(), session.state().applied(), target))
      ids.push_back(std::move(id));
  return ids;
}

// Applied revisions from the newest to the oldest: what stands on others comes first.
Ids newest_first(const ledger::State& state) {
  Ids ids;
  for (const ledger::Revision& revision : state.revisions) ids.push_back(revision.id);
  std::reverse(ids.begin(), ids.end());
  return ids;
}

// What must no longer count as applied: everything for base and --purge, else what stands on the
// targets.
Ids undone(Session& session, const Ids& targets, bool everything) {
  if (everything || targets.empty()) return newest_first(session.state());
  const std::unordered_set<std::string> applied = session.state().applied();
  Ids ids;
  for (std::string& id : session.project().graph().descendants(targets))
    if (applied.contains(id) && std::find(targets.begin(), targets.end(), id) == targets.end())
      ids.push_back(std::move(id));
  return ids;
}

bool same_checksums(const ledger::Revision& recorded, const revision::File& file) {
  return recorded.upgrade_checksum == file.upgrade.checksum &&
         recorded.downgrade_checksum == (file.downgrade ? file.downgrade->checksum : std::string{});
}

std::vector<Change> changes(Session& session, const StampOptions& options) {
  const Ids targets = targets_of(session, options.targets);
  std::unordered_set<std::string> applied = session.state().applied();
  std::vector<Change> list;
  for (const std::string& id : undone(session, targets, options.purge)) {
    list.push_back({id, false});
    applied.erase(id);
  }
  for (const std::string& id : session.project().graph().missing(applied, targets))
    list.push_back({id, true});
  for (const std::string& id : targets)
    if (applied.contains(id) &&
        !same_checksums(*session.state().find(id), *session.project().find(id)))
      list.push_back({id, true});
  return list;
}

void add_script(Json& entry, const std::string& name, const revision::File& file,
                const revision::Section& section) {
  entry[name + "_checksum"] = section.checksum;
  if (section.length <= largest_script) entry[name] = revision::text(file, section);
}

Json entry_of(Session& session, const Change& change) {
  Json entry = {{"action", "stamp"},
                {"revision", change.id},
                {"direction", change.applied ? "upgrade" : "downgrade"},
                {"runner", "steward " STEWARD_VERSION}};
  if (const revision::File* file = session.project().find(change.id)) {
    entry["parents"] = file->parents;
    entry["depends_on"] = file->depends_on;
    entry["labels"] = file->labels;
    entry["message"] = file->message;
    add_script(entry, "upgrade", *file, file->upgrade);
    if (file->downgrade) add_script(entry, "downgrade", *file, *file->downgrade);
  } else if (const ledger::Revision* recorded = session.state().find(change.id)) {
    entry["parents"] = recorded->parents;
    entry["message"] = recorded->message;
  }
  return entry;
}

// All of it in one transaction, in messages of bounded size.
void record(Session& session, const std::vector<Change>& list) {
  pg::Connection& connection = session.connection();
  std::string message = "BEGIN;\n";
  for (const Change& change : list) {
    Json entry = entry_of(session, change);
    if (&change == list.data()) entry["expected"] = session.state().heads;
    message += "SELECT steward.record(" + quote_literal(to_text(entry)) + ");\n";
    if (message.size() < 1024 * 1024) continue;
    connection.run(message);
    message.clear();
  }
  connection.run(message + "COMMIT;");
}

Error refused(const pg::QueryFailed& failed) {
  if (failed.failure.sqlstate == "55P03")
    return pg::as_error(failed.failure, Exit::locked, "runner_locked");
  if (failed.failure.sqlstate == "42501")
    return pg::as_error(failed.failure, Exit::refused, "no_privilege");
  return failed;
}

Json changes_object(const std::vector<Change>& list) {
  Json array = Json::array();
  for (const Change& change : list)
    array.push_back({{"revision", change.id}, {"applied", change.applied}});
  return array;
}

}  // namespace

Exit stamp(Session& session, const StampOptions& options) {
  ledger::require_writable(session.state());
  ledger::ensure_extension(session.connection(), session.state());
  const std::vector<Change> list = changes(session, options);
  try {
    if (!list.empty()) record(session, list);
  } catch (const pg::QueryFailed& failed) {
    throw refused(failed);
  }
  session.forget_state();
  const Ids heads = session.state().heads;
  session.output().say(list.empty() ? "nothing to do: the ledger says so already"
                                    : "stamped " + counted(list.size(), "revision") + ", now at " +
                                          (heads.empty() ? "base" : joined(heads)));
  session.output().object({{"verb", "stamp"}, {"to", heads}, {"changes", changes_object(list)}});
  return Exit::done;
}

}  // namespace steward::command
