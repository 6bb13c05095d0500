// Renames that stand in each other's way: a chain (a becomes b, b becomes c) is made from its end,
// a circle (a and b swap their names) with one of them under a name aside meanwhile. Pure.
#pragma once

#include <string>
#include <vector>

#include "runner/rename.h"
#include "runner/rename/marks.h"

namespace steward::rename {

// What has the new name in that schema, as a Rename calls its object; empty: nothing has.
std::string in_the_way(const Rename& rename, const snapshot::Snapshot& schema);

// The renames of one level, all of objects that schema has, in an order in which each can be made.
std::vector<Rename> in_order(std::vector<Rename> renames, const snapshot::Snapshot& schema);

// The circles among the marks that are still to be made, in order. Both schemas have all the names
// of a circle, so that the names tell nothing: it is made where each thing is more like the one
// that has its new name in `wanted` than what has that name in `schema` is.
std::vector<Rename> circles(const std::vector<Mark>& marks, const snapshot::Snapshot& schema,
                            const snapshot::Snapshot& wanted);

}  // namespace steward::rename
