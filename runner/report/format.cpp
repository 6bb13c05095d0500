#include "runner/report/format.h"

#include "runner/error.h"
#include "runner/report/junit.h"
#include "runner/report/sarif.h"

namespace steward::report {

void require_format(const std::string& format) {
  for (const char* known : {"text", "json", "sarif", "github", "junit"})
    if (format == known) return;
  throw Error(Exit::usage, "bad_format", "there is no format \"" + format + "\"", "",
              "--format text, json, sarif, github or junit");
}

Limit require_limit(const std::string& word) {
  const Limit limit = parse_severity(word);
  if (limit || word == "never") return limit;
  throw Error(Exit::usage, "bad_severity", "there is no severity \"" + word + "\"", "",
              "--fail-on error, warning, note or never");
}

std::string formatted(const std::string& format, const Findings& findings, Limit limit) {
  if (format == "json") return as_json_lines(findings);
  if (format == "sarif") return to_text(as_sarif(findings, STEWARD_VERSION), true) + "\n";
  if (format == "github") return as_github(findings);
  return as_junit(findings, limit);
}

}  // namespace steward::report
