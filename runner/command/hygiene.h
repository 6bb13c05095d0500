// hygiene: what the rules over the live catalog find, for people and for CI; and a revision with
// the fixes that are safe.
#pragma once

#include <string>
#include <vector>

#include "runner/command/session.h"

namespace steward::command {

struct HygieneOptions {
  std::vector<std::string> rules;
  std::vector<std::string> schemas;
  std::string format = "text";  // text, json, sarif, github, junit
  std::string fail_on;          // error, warning, note, never; empty: as configured
  std::string baseline;         // its file; empty: as configured, or none
  bool write_baseline = false;
  bool fix = false;
};

// Exit::refused when a finding reaches the limit. Throws Error(Exit::usage): bad_format,
// bad_severity, bad_rule, no_baseline, and what read_baseline() throws; with fix, what
// write_revision() throws.
Exit hygiene(Session& session, const HygieneOptions& options);

}  // namespace steward::command
