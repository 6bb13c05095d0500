#include "runner/command/import.h"

#include "runner/command/listing.h"
#include "runner/command/recording.h"
#include "runner/import/import.h"
#include "runner/import/recorded.h"
#include "runner/import/write.h"

namespace steward::command {
namespace {

using importer::History;

// What the other tool says is applied; nothing when there is no database to ask, or no table of
// its.
importer::Recorded recorded_history(Session& session, const History& history,
                                    const ImportOptions& options) {
  const std::string table =
      options.table.empty() ? std::string(importer::history_table(history.tool)) : options.table;
  if (options.files_only || table.empty() || !session.names_database()) return {};
  const pg::Rows found = session.connection().query(importer::find_history(table));
  if (found.empty() && !options.table.empty())
    throw Error(Exit::usage, "no_history_table", "there is no table \"" + table + "\"",
                "in " + url::redacted(session.target()),
                "look which it is, or leave the database alone: --files-only");
  if (found.empty()) return {};
  return importer::map_history(
      history, session.connection().query(importer::read_history(history.tool, found.text(0, 0))));
}

// Those of the applied revisions that our own ledger does not have yet, in order.
std::vector<Change> to_adopt(Session& session, const History& history,
                             const importer::Recorded& recorded) {
  std::vector<Change> changes;
  if (recorded.applied.empty()) return changes;
  ledger::require_writable(session.state());
  ledger::ensure_extension(session.connection(), session.state());
  const std::unordered_set<std::string> applied = session.state().applied();
  for (const std::size_t index : recorded.applied)
    if (!applied.contains(history.revisions[index].id))
      changes.push_back({history.revisions[index].id, true});
  return changes;
}

Json notices_object(const std::vector<importer::Notice>& notices) {
  Json list = Json::array();
  for (const importer::Notice& notice : notices)
    list.push_back(
        {{"file", notice.place.file}, {"line", notice.place.line}, {"text", notice.text}});
  return list;
}

void print_notices(Session& session, const std::vector<importer::Notice>& notices) {
  for (const importer::Notice& notice : notices) {
    std::string place = notice.place.file;
    if (notice.place.line > 0) place += ":" + std::to_string(notice.place.line);
    session.output().note("note: " + (place.empty() ? "" : place + ": ") + notice.text);
  }
}

void report(Session& session, const importer::Written& written, const std::vector<Change>& adopted,
            const std::vector<importer::Notice>& notices) {
  report::Output& output = session.output();
  print_notices(session, notices);
  output.say(
      counted(written.files.size(), "revision") + " written to " +
      session.config().directory.string() +
      (written.unchanged > 0 ? ", " + std::to_string(written.unchanged) + " there already" : ""));
  if (!adopted.empty()) output.say(counted(adopted.size(), "revision") + " adopted as applied");
  output.say("next: steward status");
  Json files = Json::array();
  for (const auto& path : written.files) files.push_back(path.string());
  Json ids = Json::array();
  for (const Change& change : adopted) ids.push_back(change.id);
  output.object({{"verb", "import"},
                 {"files", files},
                 {"unchanged", written.unchanged},
                 {"adopted", ids},
                 {"notices", notices_object(notices)}});
}

}  // namespace

Exit import(Session& session, const ImportOptions& options) {
  const History history = importer::read(importer::tool_of(options.tool), options.path,
                                         importer::values_of(options.variables));
  // Asked before anything is written: a history that was left half-way stops the import.
  const importer::Recorded recorded = recorded_history(session, history, options);
  const importer::Written written = importer::write(history, session.config().directory);
  const std::vector<Change> adopted = to_adopt(session, history, recorded);
  record(session, "adopt", adopted, {{"tool", options.tool}});
  std::vector<importer::Notice> notices = history.notices;
  notices.insert(notices.end(), recorded.notices.begin(), recorded.notices.end());
  report(session, written, adopted, notices);
  return Exit::done;
}

}  // namespace steward::command
