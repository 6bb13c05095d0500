// Step: one revision in one direction, between begin_step and end_step. At most one is open in a
// session. The hooks ask it what to do; while none is open they do nothing.
#pragma once

#include "extension/ledger.h"
#include "extension/position.h"
#include "extension/trace.h"

namespace steward {

class Step {
 public:
  // The open one, or null.
  static Step* current() noexcept;

  // A top-level statement of the message begins, ends.
  void statement_begins(const PlannedStmt* statement, CommandTag tag);
  void statement_ends(std::uint64_t rows) { trace_.end(rows); }

  // Throws Error (step_broken) for a statement that would end the step's transaction.
  void refuse_transaction_control(const TransactionStmt* statement) const;
  // Throws Error 42501 when the relation keeps the history; notes its name otherwise.
  void relation_is_dropped(Oid relation);
  void relation_is_altered(Oid relation) const;
  void trigger_is_altered(Oid trigger) const;

  // Adds the line of context to the error under way. Never allocates more than errcontext does.
  void describe_error() noexcept;

  // A transaction is about to commit, has committed, has ended badly.
  static void before_commit();
  static void after_commit() noexcept;
  static void after_abort() noexcept;

 private:
  friend class StepCalls;

  Step(Datum entry, const ledger::Checked& checked, MemoryContext memory);
  ~Step();
  static void close() noexcept;

  double milliseconds() const;  // since begin_step
  std::string outcome(const char* action, const std::string& detail) const;
  const std::string& checksum_of(const std::string& direction) const;

  struct Kept {
    int pieces = 0;
    bool there_before = false;
  };

  ledger::Checked checked_;
  MemoryContext memory_;  // holds entry_
  Datum entry_;           // jsonb: what the runner said
  FullTransactionId transaction_;
  TimestampTz started_;
  instr_time clock_;
  std::uint64_t wal_before_;
  std::string acting_role_;
  Trace trace_;
  Position position_;
  Kept kept_upgrade_;
  Kept kept_downgrade_;
  bool started_committed_ = false;  // a step outside a transaction: its first row is there to stay
  bool ending_ = false;
  std::string fingerprint_;  // of the schema after the step; empty: none is recorded
};

}  // namespace steward
