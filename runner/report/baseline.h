// The baseline: the findings that a project began with, by rule and object, in a file of its
// repository. What is in it does not count; what is mended leaves it and does not come back. One
// finding a line, sorted, so that two branches merge.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <utility>

#include "runner/report/findings.h"

namespace steward::report {

using Baseline = std::set<std::pair<std::string, std::string>>;  // rule, object

// Throws Error(Exit::usage): cannot_read_file, bad_baseline.
Baseline read_baseline(const std::filesystem::path& file);
// Replaces the file. Throws Error(Exit::usage, "cannot_write_file").
void write_baseline(const std::filesystem::path& file, const Baseline& baseline);

// Marks the findings that are in it as known; returns those of the baseline that were not found.
Baseline mark_known(Findings& findings, const Baseline& baseline);
// What a new baseline holds: all findings that are not waived.
Baseline baseline_of(const Findings& findings);

}  // namespace steward::report
