#include "runner/report/junit.h"

namespace steward::report {
namespace {

// XML 1.0 has no way to write most control characters: they become spaces.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\n':
        result += "&#10;";
        break;
      default:
        result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  return result;
}

bool failed(const Finding& finding, Limit limit) {
  return finding.open() && finding.severity <= limit;
}

std::string advice(const Finding& finding) {
  if (!finding.fix.empty()) return "fix: " + finding.fix;
  return finding.hint.empty() ? "" : "hint: " + finding.hint;
}

std::string outcome(const Finding& finding, Limit limit) {
  const std::string message = escaped(finding.message);
  if (failed(finding, limit))
    return "<failure type=\"" + std::string(word_of(finding.severity)) + "\" message=\"" + message +
           "\">" + escaped(advice(finding)) + "</failure>";
  if (!finding.open())
    return "<skipped message=\"" +
           escaped(finding.waiver ? "waived: " + *finding.waiver : "in the baseline") + "\"/>";
  return "<system-out>" + message + "</system-out>";
}

std::string test_case(const Finding& finding, Limit limit) {
  return "    <testcase classname=\"" + escaped(finding.rule) + "\" name=\"" +
         escaped(finding.object) + "\">" + outcome(finding, limit) + "</testcase>\n";
}

}  // namespace

std::string as_junit(const Findings& findings, Limit limit) {
  std::size_t failures = 0, skipped = 0;
  std::string cases;
  for (const Finding& finding : findings.found) {
    failures += failed(finding, limit);
    skipped += !finding.open();
    cases += test_case(finding, limit);
  }
  const std::string counts = "tests=\"" + std::to_string(findings.found.size()) + "\" failures=\"" +
                             std::to_string(failures) + "\" skipped=\"" + std::to_string(skipped) +
                             "\"";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites " + counts +
         ">\n  <testsuite name=\"steward " + escaped(findings.family) + "\" " + counts + ">\n" +
         cases + "  </testsuite>\n</testsuites>\n";
}

}  // namespace steward::report
