// From a schema to its spec. What the tables of a spec can say is said in them; the rest is the
// diff from the schema that those tables make to the whole one, as blocks of SQL: so nothing is
// left out, whatever the format learns or does not. Pure.
#pragma once

#include <string>
#include <vector>

#include "runner/snapshot.h"
#include "runner/spec/document.h"
#include "runner/spec/holding.h"
#include "runner/spec/relation.h"

namespace steward::spec {

struct Description {
  std::vector<Document> pages;        // their files are names without a directory
  std::vector<std::string> warnings;  // what no statement can say, by name
};

// empty: the schema of a new database. Throws as diff::make().
Description describe(const snapshot::Snapshot& schema, const snapshot::Snapshot& empty, Names names,
                     Families families = Families::tables);

}  // namespace steward::spec
