// Hygiene as the runner sees it: asks the database's rules (steward.hygiene), and turns the fixes
// they offer into scripts. The rules themselves, their levels and waivers are the server's
// business. Writes nothing into the database.
#pragma once

#include <string>
#include <vector>

#include "runner/pg.h"
#include "runner/report/findings.h"

namespace steward::hygiene {

struct Request {
  std::vector<std::string> schemas;  // empty: all
  std::vector<std::string> rules;    // empty: all that are on
  Json config = Json::object();      // policies and levels, as the function takes them
};

// Everything found, waived too, worst first. Throws Error(Exit::refused): extension_missing (the
// database has no steward.hygiene), no_privilege; Error(Exit::usage, "bad_rule") for rules, levels
// and options that the server does not know.
report::Findings look(pg::Connection& connection, const Request& request);

// The fixes of what is not waived, in the baseline or not, in two scripts: what runs in a
// transaction, and what must not.
struct Scripts {
  std::string upgrade;  // empty: there is none
  std::string downgrade;
};
struct Fixes {
  Scripts inside;
  Scripts outside;
  std::size_t count = 0;  // of findings
};
Fixes fixes(const report::Findings& findings);

}  // namespace steward::hygiene
