// The tally's large half: a sum over the versions of the catalogs' rows that make relations, for
// each object they are part of (an index for its table). Reads the catalogs as they stand to the
// caller's snapshot and changes nothing. sql/tally.sql has the same in SQL, and what else counts.
#pragma once

#include "extension/bridge.h"
