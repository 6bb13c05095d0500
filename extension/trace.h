// Trace: what a step's statements did: tag, duration, rows, and the strongest lock each was first
// to take on each relation. Knows nothing of hooks or of the ledger.
#pragma once

#include "extension/locks.h"

namespace steward {

// text as a JSON string, quotes and all.
std::string json_string(const std::string& text);

class Trace {
 public:
  // What is held before the first statement is nobody's doing.
  void start();

  // A top-level statement begins. One raw statement that a rule turned into several queries begins
  // several times, and is one: same message, same location.
  void begin(TimestampTz message, int location, int line, CommandTag tag);
  // It ended well, having touched this many rows.
  void end(std::uint64_t rows);
  // The one begun last was not the revision's own.
  void discard();

  bool open() const noexcept { return open_; }
  // The number of the statement under way; of the one to come, between statements.
  int number() const noexcept { return open_ ? count_ : count_ + 1; }

  // The line of the statement under way.
  int line() const noexcept { return entries_.back().line; }

  // A relation that is about to be dropped, under the name it had.
  void dropping(Oid relation);

  // JSON array.
  std::string json() const;

  // What others had to wait for: a table that was there before, under a lock that keeps its readers
  // or writers away, for this long or longer. "AccessExclusiveLock on public.orders (12 GB) for 3.4
  // s, and wrote it anew"
  std::vector<std::string> long_holds(double milliseconds) const;

 private:
  struct Entry {
    int number = 0;
    int count = 1;  // statements joined in this entry
    int line = 0;
    CommandTag tag = CMDTAG_UNKNOWN;
    double milliseconds = 0;
    std::uint64_t rows = 0;
    std::string locks;     // members of a JSON object
    std::string sizes;     // of the tables among them, in bytes; members likewise
    std::string rewrites;  // tables that it wrote anew; elements of a JSON array
  };
  // A table under a lock that keeps others from using it.
  struct Hold {
    std::string name;
    LOCKMODE mode = NoLock;
    Oid file = InvalidOid;
    std::int64_t bytes = 0;
    bool is_new = false;
    bool rewritten = false;
    double since = 0;  // milliseconds after the trace began
  };

  void describe_locks(Entry& entry);
  void hold(const TakenLock& lock, const std::string& name, Entry& entry);
  void find_rewrites(Entry& entry);
  std::string name_of(Oid relation) const;
  void join_with_last();
  static std::string entry_json(const Entry& entry);

  std::vector<Entry> entries_;
  HeldLocks held_;
  std::unordered_map<Oid, Hold> holds_;
  instr_time started_{};
  std::unordered_map<Oid, std::string> dropped_;
  instr_time begun_{};
  TimestampTz message_ = 0;
  int location_ = -1;
  int count_ = 0;
  bool open_ = false;
};

}  // namespace steward
