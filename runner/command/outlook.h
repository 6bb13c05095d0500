// The outlook of a script that has not run: for each of its statements the locks it will take, what
// waits for them and for how long, and what the safety rules find in it all.
#pragma once

#include <string>
#include <vector>

#include "runner/command/session.h"
#include "runner/diff.h"
#include "runner/safety/finding.h"
#include "runner/safety/knowledge.h"

namespace steward::command {

struct Prospect {
  std::vector<std::string> costs;  // a line for each lock that somebody waits for
  Json locks = Json::array();      // relation, lock, scans, rewrites, waits
};

struct Outlook {
  std::vector<Prospect> statements;  // as many as the script has
  std::vector<safety::Finding> findings;
};

// schema: has the tables that the script begins with, and no rows. database: the one that will
// meet it, for the sizes; nullptr: not known.
Outlook outlook_of(Session& session, const diff::Script& script, pg::Connection& schema,
                   pg::Connection* database);

// What the rules find in scripts that follow each other, as revisions do. outside: it runs outside
// a transaction.
struct Part {
  std::string text;
  bool outside = false;
};
std::vector<safety::Finding> findings_in(Session& session, const std::vector<Part>& parts,
                                         pg::Connection& schema, pg::Connection* database);

// What the rules find, on stderr: where stdout has the script.
void warn_of(Session& session, const std::vector<safety::Finding>& findings);

}  // namespace steward::command
