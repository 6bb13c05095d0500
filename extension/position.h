// Position: which line of the revision's file a byte of the message being executed stands on. The
// runner joins scripts into messages and says, at each seam, which line follows; from there lines
// are counted. Everything here is safe inside an error: nothing allocates or throws.
#pragma once

#include "extension/pg.h"

namespace steward {

class Position {
 public:
  // The text after the statement being executed begins on this line of the file.
  void set(int line) noexcept;

  // The line on which the first token at or after this byte of the current message stands.
  int line_of(int offset) noexcept;

  // Whether it is known where the current message stands. Not so when a message cannot be parsed
  // that would have said so itself.
  bool known() noexcept;

  // The byte where the statement after the one last looked at begins.
  int next() const noexcept { return next_; }
  // The statement at offset, of this length (0: to the end), was begun.
  void passed(int offset, int length) noexcept;

  // Tells one message from another.
  static TimestampTz message() noexcept { return GetCurrentStatementStartTimestamp(); }

 private:
  void follow() noexcept;

  TimestampTz message_ = 0;
  bool known_ = false;
  bool goes_on_ = false;  // nothing followed set() in its message: the next one begins there
  int offset_ = 0;        // up to here the message is counted
  int line_ = 1;          // the line at offset_
  int next_ = 0;
};

}  // namespace steward
