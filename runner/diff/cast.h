// Whether values can go from one type to another, and how: what ALTER COLUMN TYPE has to say. Types
// are named as format_type() names them. Pure.
#pragma once

#include <string>

#include "runner/snapshot.h"

namespace steward::diff {

// Whether the values of a column can be carried over: text leads everywhere and comes from
// everywhere, other types need a cast that the database knows. known: its casts, and the domains
// and types of both schemas.
bool castable(const snapshot::Fact& from, const snapshot::Fact& to,
              const snapshot::Snapshot& known);
// Types between which assignment alone will do; otherwise USING says the cast.
bool assignable(const std::string& from, const std::string& to);
bool is_array(const std::string& type);
// "character varying(20)[]" -> "character varying": without modifiers and brackets.
std::string bare_type(std::string type);
// What such a change takes from values without an error, in words: "rounds values". Empty: nothing.
std::string lost_between(const std::string& from, const std::string& to);

}  // namespace steward::diff
