// What can be said of an object of any kind: its owner, who may use it, its comment, its security
// labels. Written after it is made, and where it differs.
#pragma once

#include "runner/diff/builder.h"

namespace steward::diff {

// Of a fact that was just made.
void remark_new(Builder& builder, const Fact& fact);
// Of one that is in both schemas and stays.
void remark_changed(Builder& builder, const Fact& from, const Fact& to);

}  // namespace steward::diff
