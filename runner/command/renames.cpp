#include "runner/command/renames.h"

#include "runner/command/question.h"
#include "runner/command/schema.h"

namespace steward::command {
namespace {

std::string described(const rename::Rename& rename) {
  return rename.object + " to " + rename.to;
}

}  // namespace

std::string request_for(const rename::Rename& rename) {
  const bool label = rename.object.starts_with("value ");
  std::string name = rename.object.substr(rename.object.find(' ') + 1), to = rename.to;
  static constexpr std::string_view of = " of type ";
  if (const std::size_t at = name.rfind(of); label && at != name.npos) {
    name = name.substr(at + of.size()) + "." + name.substr(1, at - 2);
    to = to.substr(1, to.size() - 2);
  }
  for (const char* word : {"table ", "view "})  // of "foreign table", "materialized view"
    if (name.starts_with(word)) name.erase(0, std::string_view(word).size());
  return "--rename '" + name + "=" + to + "'";
}

renaming::Wishes wishes(Session& session, const RenameOptions& options,
                        const std::string& desired) {
  renaming::Wishes wishes;
  wishes.requests = options.requests;
  wishes.recognise = !options.none;
  wishes.marks = marks_of(desired);
  if (can_ask(session))
    wishes.ask = [&session](const rename::Likeness& likeness) {
      session.output().note(likeness.loses + " is gone; " + likeness.rename.to +
                            " is new: " + likeness.rename.evidence);
      return ask(session, "rename " + described(likeness.rename) + "?");
    };
  return wishes;
}

void tell(Session& session, const renaming::Renamed& renamed) {
  for (const rename::Rename& rename : renamed.renames)
    session.output().note("renamed: " + described(rename) +
                          (rename.evidence.empty() ? "" : " (" + rename.evidence + ")"));
  for (const rename::Likeness& likeness : renamed.unsaid)
    session.output().warning(likeness.loses + " is dropped, and may only have another name now: " +
                                 likeness.rename.to + " (" + likeness.rename.evidence + ")",
                             "say so with " + request_for(likeness.rename));
}

Json objects_of(const std::vector<rename::Rename>& renames) {
  Json list = Json::array();
  for (const rename::Rename& rename : renames)
    list.push_back({{"object", rename.object},
                    {"to", rename.to},
                    {"evidence", rename.evidence},
                    {"sql", rename.statement}});
  return list;
}

}  // namespace steward::command
