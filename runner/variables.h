// Variables: names in a script, ${name}, that are replaced by values before the server sees it;
// only those that the file's header declares (`-- variables: owner, region=eu`), all other text
// stands as it is. The replacement is lexical, within literals and bodies too. Knows no database.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runner/plan.h"

namespace steward::variables {

using Values = std::map<std::string, std::string>;

// NAME=VALUE texts, of -x. Throws Error(Exit::usage, "bad_value") for one without a name, given
// twice, or whose value has a line end, which would move what stands below it.
Values parse(const std::vector<std::string>& texts);

// The values that the file's variables have: those given, or else the header's own. Throws
// Error(Exit::usage, "no_value") for one without either.
Values values_for(const revision::File& file, const Values& given);

// Throws as values_for() before anything is sent, and Error(Exit::usage, "unknown_variable") for a
// value that no file of the plan asks for.
void require(const plan::Plan& plan, const Values& given);

std::string filled(const std::string& text, const Values& values);
// The same of a source, piece by piece.
sql::Source filling(sql::Source source, Values values);

}  // namespace steward::variables
