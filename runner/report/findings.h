// Findings: what rules found, over the catalog or over a revision's statements, and how people and
// machines read them: text in groups, one JSON object a line, GitHub's annotations. SARIF and JUnit
// have rooms of their own. Pure: takes findings, gives text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/json.h"
#include "runner/terminal.h"

namespace steward::report {

enum class Severity { error, warning, note };

// "error", "warning", "note"; nullopt for anything else.
std::optional<Severity> parse_severity(std::string_view word);
const char* word_of(Severity severity);

// From which severity on findings make a run fail; none: never.
using Limit = std::optional<Severity>;

struct Finding {
  std::string rule;
  Severity severity = Severity::warning;
  std::string object;       // as waivers name it: public.task.title
  std::string object_type;  // "table", "index", "role", ...
  std::string message;
  std::string hint;                   // empty: none
  std::string fix;                    // SQL that mends it and loses nothing; empty: none
  std::string undo;                   // SQL that takes the fix back
  std::optional<std::string> waiver;  // the reason, when it is waived
  bool known = false;                 // it stands in the baseline
  std::string file;                   // where it is, when that is a file
  std::uint64_t line = 0;

  // Whether anybody has to look at it: neither waived nor known.
  bool open() const { return !waiver && !known; }
};

// What is said of a rule once for all its findings.
struct Rule {
  std::string id;
  Severity severity = Severity::warning;
  std::string summary;
};

struct Findings {
  std::string family;          // "hygiene": the name of the suite
  std::vector<Rule> rules;     // those that can be found; each finding's rule is among them
  std::vector<Finding> found;  // worst first, those of a rule together
  std::string file;            // for findings without one: where machines are to show them
};

struct Tally {
  std::size_t errors = 0, warnings = 0, notes = 0;  // open ones
  std::size_t waived = 0, known = 0;

  // "2 errors, 1 warning; 3 waived"; "nothing found" when there is nothing at all.
  std::string words() const;
};
Tally tally(const Findings& findings);

// Whether an open finding is as bad as that, or worse.
bool reaches(const Findings& findings, Limit limit);

// Open findings in groups of a rule, what to do under each, and a last line with the tally.
std::string as_text(const Findings& findings, const terminal::Style& style);
// Every finding as a line of JSON, waived and known ones too.
std::string as_json_lines(const Findings& findings);
Json finding_object(const Finding& finding);
// Open findings as workflow commands: ::error title=...::...
std::string as_github(const Findings& findings);

}  // namespace steward::report
