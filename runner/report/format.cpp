#include "runner/report/format.h"

#include "runner/report/junit.h"
#include "runner/report/sarif.h"

namespace steward::report {

std::string formatted(const std::string& format, const Findings& findings, Severity limit) {
  if (format == "json") return as_json_lines(findings);
  if (format == "sarif") return to_text(as_sarif(findings, STEWARD_VERSION), true) + "\n";
  if (format == "github") return as_github(findings);
  return as_junit(findings, limit);
}

}  // namespace steward::report
