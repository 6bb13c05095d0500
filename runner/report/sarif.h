// SARIF 2.1.0: findings as GitHub code scanning and editors read them. Waived findings are there as
// suppressed ones with their reason, known ones as unchanged, so that a result that is gone is
// told from one that was hidden. Pure.
#pragma once

#include "runner/report/findings.h"

namespace steward::report {

// The log: one run, with the rules that have findings. Each result's fingerprint is the SHA-256 of
// rule and object, so that it stays the same when messages change.
Json as_sarif(const Findings& findings, const std::string& version);

}  // namespace steward::report
