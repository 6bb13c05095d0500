// Names in a script that its tool replaces by values before the server sees it. The replacement is
// lexical, as those tools do it: within literals and comments too.
#pragma once

#include "runner/import/history.h"

namespace steward::importer {

// flyway: ${name}. Throws Error(Exit::usage, "unknown_placeholder") with file and line for a name
// without a value.
void replace_dollar_names(Script& script, const Values& values);

// {{ index .Options "name" }}, as the go templates of some golang-migrate and pop users have it.
// All other text within {{ }} is left alone: it may be an array. Throws as above.
void replace_template_names(Script& script, const Values& values);

}  // namespace steward::importer
