// A schema as the runner sees it: a set of facts, each with a typed name, a definition and the
// facts it needs. The queries are those of sql/snapshot, built into the program, so that a database
// without the extension is read the same way as one with it. Reading writes nothing.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runner/json.h"
#include "runner/pg.h"

namespace steward::snapshot {

// One addressable thing: a table, a column, a constraint, a function, ...
struct Fact {
  std::string id;        // kind and identity: "column public.task.title"
  std::string kind;      // as COMMENT ON and DROP name it, lower case
  std::string identity;  // as COMMENT ON and DROP take it, quoted where it must be
  std::string parent;    // the fact it is part of; empty: none
  std::vector<std::string> needs;
  Json definition;
  std::string hash;  // SHA-256 of id and definition, hex

  bool has(const char* key) const { return definition.contains(key); }
  // An attribute as text; empty when it is not there.
  std::string text(const char* key) const;
  bool flag(const char* key) const { return has(key) && definition.at(key) == true; }
  // An attribute as JSON; null when it is not there.
  const Json& value(const char* key) const;
};

// What is in the database and in no snapshot: "subscription", "feed", "its connection may hold a
// password".
struct Uncompared {
  std::string kind;
  std::string identity;
  std::string reason;
};

struct Snapshot {
  std::map<std::string, Fact> facts;  // by id
  std::string role;                   // who read it: new objects there would be this role's
  // Pairs of types between which the database knows a cast, as format_type() names them.
  std::set<std::pair<std::string, std::string>> casts;
  std::vector<Uncompared> uncompared;  // in the order of their names

  const Fact* find(const std::string& id) const;  // nullptr: not there
  std::string fingerprint() const;                // SHA-256 of all hashes in order, hex
};

// Reads the schema in one transaction that sees one state. Throws QueryFailed, ConnectionLost.
Snapshot read(pg::Connection& connection);
// The same inside a transaction that is open already.
Snapshot read_inside(pg::Connection& connection);

// What a snapshot of this database leaves out, alone: it costs next to nothing.
std::vector<Uncompared> uncompared(pg::Connection& connection);

// The one statement that read() sends: steward.snapshot() with all functions it calls written out.
const std::string& query();

}  // namespace steward::snapshot
