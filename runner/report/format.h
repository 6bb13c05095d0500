// Findings as machines read them, by the name that --format has for it. Pure.
#pragma once

#include "runner/report/findings.h"

namespace steward::report {

// json, sarif, github or junit. limit: from which severity on JUnit calls a finding a failure.
std::string formatted(const std::string& format, const Findings& findings, Severity limit);

}  // namespace steward::report
