// Findings as machines read them, by the name that --format has for it, and the words that --format
// and --fail-on take. Pure.
#pragma once

#include "runner/report/findings.h"

namespace steward::report {

// Throws (usage, bad_format) unless it is text, json, sarif, github or junit.
void require_format(const std::string& format);

// From which severity on a run fails: error, warning, note, or never. Throws (usage, bad_severity)
// for another word.
Limit require_limit(const std::string& word);

// json, sarif, github or junit. limit: from which severity on JUnit calls a finding a failure.
std::string formatted(const std::string& format, const Findings& findings, Limit limit);

}  // namespace steward::report
