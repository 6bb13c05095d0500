// JUnit's XML, which CI systems show as tests: a case for each finding. Those that reach the limit
// have failed, waived and known ones are skipped, the others passed with what was found as their
// output. Pure.
#pragma once

#include "runner/report/findings.h"

namespace steward::report {

std::string as_junit(const Findings& findings, Limit limit);

}  // namespace steward::report
