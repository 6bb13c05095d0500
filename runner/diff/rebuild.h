// A type that something has values of cannot be dropped and made anew: it is renamed aside with all
// that has its name, made anew, the columns are converted by their own rule, and then the old one
// goes.
#pragma once

#include "runner/diff/builder.h"

namespace steward::diff {

// The type or the domain of that name, since the one can become the other; nullptr: there is none.
const Fact* type_of_that_name(const Snapshot& schema, const Fact& type);

// Whether it is renamed aside and made anew, since something that stays has values of it.
bool type_rebuilt(const Builder& builder, const Fact& from);

// make: the action that makes the new one, as if there were no old one.
void rebuild_type(Builder& builder, const Fact& from, const Fact& to, Action make);

}  // namespace steward::diff
