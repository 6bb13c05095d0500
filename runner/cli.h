// The command line: reads argv, calls the verb, prints its error, gives the exit code. The only
// place that knows the argument parser.
#pragma once

namespace steward::cli {

// The process's exit code. Throws nothing.
int run(int argc, char** argv);

}  // namespace steward::cli
