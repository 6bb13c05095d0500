// Session: what the verbs share. Each part is made when it is first asked for, so that a verb that
// needs only files never looks for a database, and an error comes from the first thing that is
// missing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runner/config.h"
#include "runner/ledger.h"
#include "runner/pg.h"
#include "runner/plan.h"
#include "runner/report/output.h"
#include "runner/squash/settle.h"

namespace steward::command {

// The flags that every verb takes.
struct Globals {
  std::string url;
  std::string config;
  std::string environment;
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool no_color = false;
  bool yes = false;
};

class Session {
 public:
  // verb: for application_name, "steward upgrade".
  Session(Globals globals, std::string verb);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const Globals& globals() const { return globals_; }
  const std::string& verb() const { return verb_; }
  report::Output& output() { return output_; }

  const config::Config& config();  // throws as config::load()
  // Reads the revisions; throws as read_directory() and Graph. Once the ledger was read as well,
  // each speaks of squashed revisions as the other does (runner/squash/settle.h).
  const plan::Project& project();
  // The same with what is applied and has no file here, as the ledger keeps it.
  const plan::Project& whole_project();
  bool has_project();  // whether the directory of revisions is there

  // Which database, and where that was said. Throws Error(Exit::usage, "no_database_given").
  const config::Database& database();
  const url::Target& target();  // throws as url::parse()
  // What must not be printed, as far as a target is known.
  std::vector<std::string> secrets() const;
  pg::Connection& connection();  // opens it; throws Error(Exit::unreachable)
  bool has_connection() const { return connection_ != nullptr; }
  ledger::State& state();  // reads the ledger; throws as ledger::read()
  void forget_state();
  void forget_project() {  // a revision was written
    project_.reset();
    within_squash_ = false;
  }

  // What the ledger is to be told of squashed revisions before it is told anything else.
  const std::vector<squash::Unrecorded>& unrecorded() const { return unrecorded_; }
  void told_of_squashes() { unrecorded_.clear(); }
  // Whether old files are used, since the database stands within a squashed revision.
  bool within_squash() const { return within_squash_; }

  // The script that the ledger has for an applied revision, for plan::contradictions().
  plan::Recorded recorded();
  // Whether verbs that may work without a database have one to ask: one was named somewhere.
  bool names_database();

 private:
  std::optional<config::Database> find_database();
  void settle();

  Globals globals_;
  std::string verb_;
  report::Output output_;
  Environment environment_;
  std::optional<config::Config> config_;
  std::optional<config::Database> database_;
  std::optional<url::Target> target_;
  std::unique_ptr<plan::Project> project_;
  std::unique_ptr<plan::Project> whole_project_;
  std::unique_ptr<pg::Connection> connection_;
  std::optional<ledger::State> state_;
  std::vector<squash::Unrecorded> unrecorded_;
  bool within_squash_ = false;
};

}  // namespace steward::command
