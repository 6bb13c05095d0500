// The words of `steward spec`: its two verbs and their flags. Part of the one door to the argument
// parser, see runner/cli.cpp.
#pragma once

#include "runner/cli/verb.h"

namespace steward::cli {

void add_spec(CLI::App& app, Call& call);

}  // namespace steward::cli
