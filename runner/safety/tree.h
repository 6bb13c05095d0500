// The tree: how a parse tree of libpg_query is walked. Its protocol leaves out what is false, zero
// or empty, so that each look has an answer for what is not there.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "runner/json.h"

namespace steward::safety {

// What stands in {"NodeName": ...}.
const Json& content(const Json& node);
// A member; an empty object when it is not there.
const Json& member(const Json& node, const char* key);
// A member that is a list; empty when it is not there.
const Json& list(const Json& node, const char* key);
bool flag(const Json& node, const char* key);
std::string word(const Json& node, const char* key);

// A RangeVar's name, with its schema where it was written.
std::string name_in(const Json& range);
// A qualified name as a list of words, without the last `omitted` of them: a trigger's is
// schema.table.trigger.
std::string name_of_list(const Json& object, std::size_t omitted);

// Of a column's definition: whether it has a constraint of that kind, its DEFAULT (an empty object
// when it has none), and whether a type of that name is one of the serials.
bool has_constraint(const Json& column, std::string_view contype);
// Generated and kept in the row: a VIRTUAL column, which 18 has, writes none.
bool is_stored(const Json& column);
const Json& default_of(const Json& column);
bool names_serial(std::string_view type);

// Options written in parentheses, or as the grammar makes them: VACUUM (FULL), CONCURRENTLY.
bool has_option(const Json& node, std::string_view name);
bool option_is_off(const Json& node, std::string_view name);

template <std::size_t Size>
bool contains(const std::array<std::string_view, Size>& words, std::string_view one) {
  return std::find(words.begin(), words.end(), one) != words.end();
}

}  // namespace steward::safety
