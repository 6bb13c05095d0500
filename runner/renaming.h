// Renaming: which renames a change between two schemas consists of, by what was asked for, by marks
// in the desired schema, and by likeness; each made in a shadow that has the old schema, so that
// the server says what else it changes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runner/diff.h"
#include "runner/rename/likeness.h"
#include "runner/rename/marks.h"
#include "runner/shadow.h"

namespace steward::renaming {

struct Wishes {
  std::vector<std::string> requests;  // old=new; each may name what the one before it made
  std::vector<rename::Mark> marks;
  bool recognise = true;  // take what is certain without a word having been said
  // Whether what is not certain is a rename; empty: nobody is there to ask.
  std::function<bool(const rename::Likeness&)> ask{};
};

struct Renamed {
  std::vector<rename::Rename> renames;   // in the order they are made
  snapshot::Snapshot schema;             // the old one, with all of them made
  std::vector<rename::Likeness> unsaid;  // not certain, and not answered
};

// The shadow has the old schema `from`, and afterwards the renamed one. Throws as
// rename::resolve() does.
Renamed make(shadow::Shadow& shadow, const snapshot::Snapshot& from, const snapshot::Snapshot& to,
             const Wishes& wishes);
// The shadow has the old schema again.
void undo(shadow::Shadow& shadow, const std::vector<rename::Rename>& renames);

// The renames as statements of a script.
std::vector<diff::Statement> statements(const Renamed& renamed);
// What leads from the old schema to the new one, and back: the renames and the rest.
diff::Script upgrade(const Renamed& renamed, const snapshot::Snapshot& to);
diff::Script downgrade(const Renamed& renamed, const snapshot::Snapshot& to);

// Whether there is anything that make() would rename or speak of: without it no shadow is needed.
bool wanted(const snapshot::Snapshot& from, const snapshot::Snapshot& to, const Wishes& wishes);

}  // namespace steward::renaming
