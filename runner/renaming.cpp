#include "runner/renaming.h"

#include <set>

#include "runner/error.h"

namespace steward::renaming {
namespace {

using rename::Likeness;
using rename::Rename;
using snapshot::Snapshot;

class Maker {
 public:
  Maker(shadow::Shadow& shadow, const Snapshot& from, const Snapshot& to, const Wishes& wishes)
      : shadow_(shadow), to_(to), wishes_(wishes) {
    made_.schema = from;
  }

  Renamed make() {
    for (const std::string& request : wishes_.requests)
      take(rename::resolve(request, made_.schema, to_));
    follow_marks();
    for (int level = 0; level < rename::levels; ++level)
      while (follow_likeness(level)) continue;
    return std::move(made_);
  }

 private:
  void take(Rename rename) {
    shadow_.run(rename.statement, "the rename of " + rename.object);
    made_.renames.push_back(std::move(rename));
    made_.schema = snapshot::read(shadow_.connection());
  }

  // A column's mark can be followed once its table has its new name: until nothing more follows.
  void follow_marks() {
    for (bool any = true; any;) {
      any = false;
      for (const rename::Mark& mark : wishes_.marks)
        if (std::optional<Rename> rename = rename::resolve(mark, made_.schema, to_)) {
          rename->evidence = "-- was: in " + mark.file + ":" + std::to_string(mark.line);
          take(std::move(*rename));
          any = true;
        }
    }
  }

  // Whether something was renamed, so that the level is to be looked at again.
  bool follow_likeness(int level) {
    const std::vector<Likeness> found = rename::alike(made_.schema, to_, level);
    bool any = false;
    for (const Likeness& likeness : found)
      if (likeness.certain && wishes_.recognise && possible(likeness.rename)) {
        made_.renames.push_back(likeness.rename);
        any = true;
      }
    if (any) {
      made_.schema = snapshot::read(shadow_.connection());
      return true;
    }
    for (const Likeness& likeness : found)
      if (agreed(likeness)) {
        take(likeness.rename);
        return true;
      }
    return false;
  }

  // What nobody asked for may be in the way of something else: then it is none.
  bool possible(const Rename& rename) {
    if (!asked_.insert(rename.statement).second) return false;
    try {
      shadow_.run(rename.statement, "the rename of " + rename.object);
    } catch (const Error&) {
      return false;
    }
    return true;
  }

  bool agreed(const Likeness& likeness) {
    if (likeness.certain || !asked_.insert(likeness.rename.statement).second) return false;
    if (wishes_.ask && wishes_.recognise) return wishes_.ask(likeness);
    made_.unsaid.push_back(likeness);
    return false;
  }

  shadow::Shadow& shadow_;
  const Snapshot& to_;
  const Wishes& wishes_;
  Renamed made_;
  std::set<std::string> asked_;
};

}  // namespace

Renamed make(shadow::Shadow& shadow, const Snapshot& from, const Snapshot& to,
             const Wishes& wishes) {
  return Maker(shadow, from, to, wishes).make();
}

void undo(shadow::Shadow& shadow, const std::vector<Rename>& renames) {
  for (auto rename = renames.rbegin(); rename != renames.rend(); ++rename)
    shadow.run(rename->back, "the rename of " + rename->object);
}

std::vector<diff::Statement> statements(const Renamed& renamed) {
  std::vector<diff::Statement> all;
  for (const Rename& rename : renamed.renames)
    all.push_back({rename.statement,
                   {},
                   "renamed: " + (rename.evidence.empty() ? "as --rename says" : rename.evidence)});
  return all;
}

diff::Script upgrade(const Renamed& renamed, const Snapshot& to) {
  diff::Script script = diff::make(renamed.schema, to);
  const std::vector<diff::Statement> first = statements(renamed);
  script.statements.insert(script.statements.begin(), first.begin(), first.end());
  return script;
}

diff::Script downgrade(const Renamed& renamed, const Snapshot& to) {
  diff::Script script = diff::make(to, renamed.schema);
  for (auto rename = renamed.renames.rbegin(); rename != renamed.renames.rend(); ++rename)
    script.statements.push_back({rename->back, {}, {}});
  return script;
}

bool wanted(const Snapshot& from, const Snapshot& to, const Wishes& wishes) {
  if (!wishes.requests.empty()) return true;
  for (const rename::Mark& mark : wishes.marks)
    if (rename::resolve(mark, from, to)) return true;
  for (int level = 0; level < rename::levels; ++level)
    for (const Likeness& likeness : rename::alike(from, to, level))
      if (likeness.certain ? wishes.recognise : true) return true;
  return false;
}

}  // namespace steward::renaming
