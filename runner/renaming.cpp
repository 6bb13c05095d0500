#include "runner/renaming.h"

#include <algorithm>
#include <map>
#include <set>

#include "runner/error.h"
#include "runner/rename/circle.h"

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
    follow_requests();
    follow_marks();
    follow_owners();
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

  // In their order, but for what has the new name and is to be renamed itself: that goes first.
  void follow_requests() {
    for (std::vector<std::string> left = wishes_.requests; !left.empty();) {
      std::vector<Rename> group;
      for (std::string next = left.front(); !next.empty();) {
        group.push_back(rename::resolve(next, made_.schema, to_));
        std::erase(left, next);
        next = request_of(rename::in_the_way(group.back(), made_.schema), left);
      }
      for (Rename& rename : rename::in_order(std::move(group), made_.schema))
        take(std::move(rename));
    }
  }

  // Which of the requests renames that object; empty: none.
  std::string request_of(const std::string& object, const std::vector<std::string>& requests) {
    if (object.empty()) return {};
    for (const std::string& request : requests) try {
        if (rename::resolve(request, made_.schema, to_).object == object) return request;
      } catch (const Error&) {
        // It speaks of what is there after another one.
      }
    return {};
  }

  // A column's mark can be followed once its table has its new name: until nothing more follows.
  void follow_marks() {
    for (bool any = true; any;) {
      any = false;
      for (const rename::Mark& mark : wishes_.marks)
        if (std::optional<Rename> rename = rename::resolve(mark, made_.schema, to_)) {
          take(std::move(*rename));
          any = true;
        }
      for (Rename& rename : rename::circles(wishes_.marks, made_.schema, to_)) {
        take(std::move(rename));
        any = true;
      }
    }
  }

  // A sequence belongs to its column: where two that swapped their names own one each, each keeps
  // its own, under the name it has now.
  void follow_owners() {
    std::vector<Rename> group;
    const auto before = owned_sequences(made_.schema);
    for (const auto& [column, wanted] : owned_sequences(to_)) {
      const auto found = before.find(column);
      if (found == before.end() || found->second->id == wanted->id) continue;
      Rename rename = rename::of_fact(*found->second, rename::name_alone(*wanted));
      rename.evidence = "the sequence of " + column;
      if (rename::renamed_id(*found->second, rename.to) == wanted->id)
        group.push_back(std::move(rename));
    }
    std::vector<Rename> circle;
    for (const Rename& one : group)
      if (leads_on(one, group)) circle.push_back(one);
    for (Rename& rename : rename::in_order(std::move(circle), made_.schema))
      take(std::move(rename));
  }

  // Whether its new name is that of another one in the group.
  bool leads_on(const Rename& one, const std::vector<Rename>& group) const {
    const std::string other = rename::in_the_way(one, made_.schema);
    return std::any_of(group.begin(), group.end(),
                       [&](const Rename& rename) { return rename.object == other; });
  }

  static std::map<std::string, const snapshot::Fact*> owned_sequences(const Snapshot& schema) {
    std::map<std::string, const snapshot::Fact*> by_column;
    for (const auto& [id, fact] : schema.facts)
      if (fact.kind == "sequence" && fact.has("owned_by")) by_column[fact.text("owned_by")] = &fact;
    return by_column;
  }

  // Whether something was renamed, so that the level is to be looked at again.
  bool follow_likeness(int level) {
    const std::vector<Likeness> found = rename::alike(made_.schema, to_, level);
    bool any = swapped(found);
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

  // What is certain and in the way of something else that is: a key's index, where two tables have
  // swapped their names. All of it, or nothing.
  bool swapped(const std::vector<Likeness>& found) {
    std::vector<Rename> group;
    bool any_in_the_way = false;
    for (const Likeness& likeness : found) {
      if (!likeness.certain || !wishes_.recognise) continue;
      if (asked_.contains(likeness.rename.statement)) continue;
      any_in_the_way = any_in_the_way || !rename::in_the_way(likeness.rename, made_.schema).empty();
      group.push_back(likeness.rename);
    }
    if (!any_in_the_way) return false;
    group = rename::in_order(std::move(group), made_.schema);
    std::string script;
    for (const Rename& rename : group) script += rename.statement + ";\n";
    try {
      shadow_.connection().run("BEGIN; " + script + "COMMIT");
    } catch (const pg::QueryFailed&) {
      shadow_.connection().run("ROLLBACK");
      return false;
    }
    for (const Likeness& likeness : found)
      if (likeness.certain) asked_.insert(likeness.rename.statement);
    for (Rename& rename : group) made_.renames.push_back(std::move(rename));
    return true;
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
  if (!rename::circles(wishes.marks, from, to).empty()) return true;
  for (int level = 0; level < rename::levels; ++level)
    for (const Likeness& likeness : rename::alike(from, to, level))
      if (likeness.certain ? wishes.recognise : true) return true;
  return false;
}

}  // namespace steward::renaming
