// The carrier: sends messages over one connection and reads what comes back, step by step, while
// the progress moves. It knows which step of the plan is under way; what to do about a failure is
// decided by its caller.
#pragma once

#include "runner/pg.h"
#include "runner/report/progress.h"
#include "runner/ship/message.h"
#include "runner/ship/script.h"
#include "runner/sql.h"

namespace steward::ship {

struct Failed {
  pg::Failure failure;
  std::optional<Place> place;         // in a revision's file
  std::optional<std::size_t> step{};  // whose section the server pointed at
  bool begun = false;                 // the step was open
  bool any_result = false;            // something of the message had been done
};

class Carrier {
 public:
  Carrier(pg::Connection& connection, const Script& script, const plan::Plan& plan,
          report::Progress& progress);

  // Sends one message and reads all of its results. source: gives the rows when the message's COPY
  // asks for them. first_statement: the number of the message's first statement in its section, 0:
  // unknown. Throws pg::ConnectionLost.
  std::optional<Failed> deliver(const Message& message, int first_statement = 0,
                                sql::Splitter* source = nullptr);

  // The index of the step that is under way or comes next: steps before it are ended.
  std::size_t step() const { return step_; }
  void go_back_to(std::size_t step);
  // How many steps have ended and been committed.
  std::size_t committed() const { return committed_; }
  // A step outside a transaction ended: there was no COMMIT to tell of it.
  void ended_outside() { committed_ = step_; }
  // The rows of the last SELECT of the message that is not ours: a verify section's answer.
  const pg::Rows& last_rows() const { return last_rows_; }
  const std::string& anchor() const { return anchor_; }

  // Rolls back what is open, if anything is.
  void roll_back();

 private:
  std::optional<pg::Result> next_result();
  void take_rows(const pg::Rows& rows);
  void take_command(const std::string& tag);
  void feed(sql::Splitter* source);
  void step_begins();
  void step_ends(const pg::Rows& rows);

  pg::Connection& connection_;
  const Script& script_;
  const plan::Plan& plan_;
  report::Progress& progress_;
  std::size_t step_ = 0;
  std::size_t committed_ = 0;
  bool begun_ = false;
  pg::Rows last_rows_;
  std::string anchor_;
};

}  // namespace steward::ship
