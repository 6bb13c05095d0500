// The marks of a spec's page, <!-- was: old_name -->, as those of SQL files are: what has another
// name in the schema that the page describes. Pure.
#pragma once

#include <vector>

#include "runner/rename/marks.h"
#include "runner/spec/document.h"

namespace steward::spec {

// Those of its tables, and those within its blocks of SQL. Throws as rename::marks_in().
std::vector<rename::Mark> marks_of(const Document& document);

}  // namespace steward::spec
