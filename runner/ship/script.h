// The SQL around a section: what opens a step, what closes it, and what is said in between. Pure
// text; the words are those of docs/protocol.md.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "runner/config.h"
#include "runner/plan.h"
#include "runner/variables.h"

namespace steward::ship {

// What every step of a run has in common. Values are as PostgreSQL writes them; empty: not set.
struct Settings {
  std::string lock_timeout = config::default_lock_timeout;
  std::string statement_timeout = "0";
  std::string role;
  std::string search_path;
  variables::Values variables;
  int server_version = 0;  // as 150020; 0: not known, and nothing newer than 15 is set
};

// Scripts above this size are kept in pieces, and are shipped in pieces.
inline constexpr std::size_t inline_limit = 256 * 1024;

class Script {
 public:
  // run: unique to this invocation; it is in the ledger's rows and in the names of the columns by
  // which our results are told from those of a revision's own SELECTs.
  Script(std::string run, Settings settings);

  // These are the steps of the run, in this order: the server is told where it begins and ends, and
  // records the schema's fingerprint with the last. The plan outlives the script.
  void spans(const plan::Plan& plan) { plan_ = &plan; }

  // A section of ordinary size, its variables filled in, as it is sent. Throws as planned_text().
  std::string text(const revision::File& file, const revision::Section& section) const;
  // The same for one that is read piece by piece.
  sql::Source filling(const revision::File& file, sql::Source source) const;

  // SET LOCAL for the step; a section's own options come before the settings of the run.
  std::string prelude(const plan::Step& step) const;
  // The same for the session, for a step outside a transaction. There lock_timeout is off unless
  // the section sets it: CREATE INDEX CONCURRENTLY blocks nobody while it waits, and leaves an
  // INVALID index when it stops waiting.
  std::string session_prelude(const plan::Step& step) const;
  // SELECT steward.begin_step(...), ending in a line end.
  std::string begin(const plan::Step& step) const;
  std::string end() const;
  std::string anchor() const;
  std::string failed(const plan::Step& step, const Error& error) const;

  // Whether a result of these columns is the one of begin, end or anchor.
  bool is_begin(const pg::Rows& rows) const;
  bool is_end(const pg::Rows& rows) const;
  bool is_anchor(const pg::Rows& rows) const;

  const std::string& run() const { return run_; }

 private:
  std::string label(std::string_view what) const;
  std::string set_all(const std::string& set, const std::string& lock_timeout,
                      const revision::Options& own, const std::string& local) const;

  std::string run_;
  Settings settings_;
  const plan::Plan* plan_ = nullptr;  // nothing is recorded
};

// The text that follows stands on this line of the file.
std::string continue_step(std::uint64_t line);
std::string keep_script(std::string_view direction, std::string_view piece);
std::string mark_statement(int number);

// What a revision's SET, SET ROLE or SET SESSION AUTHORIZATION left behind must not reach the next
// one, nor the next client of a pooled connection.
extern const std::string reset_session;

// The text between quotes that no text can close: a dollar quote with a tag that is not in it.
std::string dollar_quoted(std::string_view text);

// A section of ordinary size as text, provided that it still is what was planned; throws
// Error(Exit::integrity, "file_changed") otherwise.
std::string planned_text(const revision::File& file, const revision::Section& section);
Error file_changed(const revision::File& file);

using plan::section_of;

// A section's text in pieces of at most inline_limit, each of whole characters, until take()
// returns false. Returns whether it took all.
bool each_piece(const revision::File& file, const revision::Section& section,
                const std::function<bool(std::string_view)>& take);

}  // namespace steward::ship
