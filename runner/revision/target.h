// Targets: the words a person types for "where to", in Alembic's grammar, resolved against a graph
// and what is applied:
//   head heads base current REV (a unique prefix will do) +N -N REV+N REV-N
//   LABEL@head LABEL@base LABEL@REV LABEL@+N LABEL@-N   and ranges a:b, either side empty
// LABEL alone is the revision that carries it; a revision may stand for LABEL, and means its
// branch. Pure: no files, no database.
#pragma once

#include <string>
#include <string_view>

#include "runner/revision/graph.h"

namespace steward::revision {

using Applied = IdSet;

// The revisions to be applied so that each of several targets is reached, in order. Throws
// Error(Exit::graph): multiple_heads (says which, and to use LABEL@head or heads, or to merge),
// unknown_revision, ambiguous_revision (lists those it could be), too_far (+N beyond the end;
// naming how many there are); Error(Exit::usage): bad_target, wrong_direction (-N). Already
// applied: an empty answer.
Ids upgrade_path(const Graph& graph, const Applied& applied, std::string_view target);

// The revisions to be undone, last first, with all that depends on them. `-1` undoes the newest
// step; with several heads current it is ambiguous unless LABEL@-1 is given. `base` undoes all;
// LABEL@base one branch; REV undoes all that stands on REV and leaves REV itself; LABEL@REV only
// what is on that branch. Throws as above, and Error(Exit::graph, "not_applied") for a target that
// is not.
Ids downgrade_path(const Graph& graph, const Applied& applied, std::string_view target);

// One revision, for show, revision --head, stamp, merge and history: prefix, head, LABEL@head,
// REV+N... `current` and relative forms look at applied. Throws as above; base gives an empty text.
std::string resolve_one(const Graph& graph, const Applied& applied, std::string_view target);
// The same where several may be meant (heads, base, current).
Ids resolve(const Graph& graph, const Applied& applied, std::string_view target);

// a:b as the revisions after a up to and including b, oldest first, as `history -r` prints (with a
// included when it is named). Either side may be empty: base, and all heads. A relative side is
// counted from the other one (`-3:current`), and stops at the end of the history. Throws as above,
// and Error(Exit::graph, "not_an_ancestor") when b does not stand on a.
Ids range(const Graph& graph, const Applied& applied, std::string_view text);

}  // namespace steward::revision
