// Expressions: what can be said of one from its parse tree: may its value differ from row to row,
// which columns does it prove to be not null. Knows no database.
#pragma once

#include <string>
#include <vector>

#include "runner/json.h"

namespace steward::safety {

enum class Volatility { constant, stable, unknown, volatile_ };

// Of the server's own functions, by name; unknown for all others.
Volatility volatility_of(const std::string& function);
// The functions that an expression calls, as their last names.
std::vector<std::string> functions_in(const Json& expression);
// Of the whole expression: the worst of its functions.
Volatility volatility_in(const Json& expression);

// The columns that `c IS NOT NULL AND ...` proves to be not null.
std::vector<std::string> proven_not_null(const Json& expression);
// All columns that an expression names.
std::vector<std::string> columns_in(const Json& expression);

// Words of a list of String nodes.
std::vector<std::string> words_of(const Json& strings);
// The last word of a list of String nodes.
std::string last_word(const Json& strings);

}  // namespace steward::safety
