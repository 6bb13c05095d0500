#include "runner/command/stamp.h"

#include <algorithm>

#include "runner/command/listing.h"
#include "runner/command/recording.h"
#include "runner/revision/target.h"

namespace steward::command {
namespace {

using revision::Ids;

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
  record(session, "stamp", list);
  session.forget_state();
  const Ids heads = session.state().heads;
  session.output().say(list.empty() ? "nothing to do: the ledger says so already"
                                    : "stamped " + counted(list.size(), "revision") + ", now at " +
                                          (heads.empty() ? "base" : joined(heads)));
  session.output().object({{"verb", "stamp"}, {"to", heads}, {"changes", changes_object(list)}});
  return Exit::done;
}

}  // namespace steward::command
