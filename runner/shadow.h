// The shadow: a throwaway database in which schemas are built, to be looked at and to try scripts
// on. It is made on a server where the role may make one, holds no data of anybody's, and is
// dropped when it is no longer needed, sessions and all. As long as its maker lives, a session of
// the maker holds the lock of its name; one that a killed run left behind is swept by the next.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runner/desired.h"
#include "runner/pg.h"
#include "runner/plan.h"
#include "runner/url.h"

namespace steward::shadow {

class Shadow {
 public:
  // Makes an empty database on that server. Throws Error(Exit::refused, "shadow_forbidden") when
  // the role may not.
  explicit Shadow(const url::Target& server);
  ~Shadow();
  Shadow(const Shadow&) = delete;
  Shadow& operator=(const Shadow&) = delete;

  pg::Connection& connection() { return *connection_; }

  // Runs a script, statement by statement, COPY data and all. Throws Error(Exit::failed,
  // "shadow_statement_failed") with file and line.
  void run(const std::string& text, const std::string& file);
  // Runs what says what a schema should be, in whatever order it can. Throws as
  // desired::settle().
  void load(std::vector<desired::Statement> statements);
  // Runs one step of a plan the way a deploy would: in a transaction, unless the section says not.
  void step(const plan::Step& step);
  // All revisions up to the heads. Returns the steps it took.
  std::vector<plan::Step> replay(const plan::Project& project);
  // The extension, where the text calls what it offers. Outside of transactions.
  void provide_extension(std::string_view text);

 private:
  url::Target server_;
  std::string name_;
  std::unique_ptr<pg::Connection> connection_;
  bool has_extension_ = false;
};

// Drops the shadows on that server whose makers are gone, and returns their names: databases of
// this role, named as shadows are, that nobody is connected to and whose lock nobody holds.
std::vector<std::string> sweep(pg::Connection& connection);

// Whether a shadow can be made there: the role may make databases.
bool possible(pg::Connection& connection);

}  // namespace steward::shadow
