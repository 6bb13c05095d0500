// The window: the part of a source that is in memory. It moves over the source; what was taken is
// given up when the next bytes are read. It grows only when something that must be seen whole (a
// word, a line of the runner's own) is longer than it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace steward::sql {

// Where text comes from: fills at most size bytes of buffer and returns how many; 0 at the end.
using Source = std::function<std::size_t(char* buffer, std::size_t size)>;

// A source over text that stays where it is while the source is used.
Source source_of(std::string_view text);

class Window {
 public:
  explicit Window(Source source, std::size_t capacity = 32 * 1024);

  const char* at;     // the next byte to be taken; whoever takes it moves this on
  const char* end;    // the end of what is in memory
  bool last = false;  // nothing comes after end

  // Reads more, keeping [at, end), which moves. False when there is nothing more, and that was
  // known.
  bool fill();
  // Of *at, counted from the source's beginning.
  std::uint64_t offset() const { return end_offset_ - static_cast<std::uint64_t>(end - at); }
  // From *at up to the line's end, without it; reads as far as it takes. Valid until fill(). Throws
  // Fault "line_too_long" beyond a megabyte: lines of the runner's own are short.
  std::string_view line();
  // From *at to the end of what is in memory.
  std::string_view rest() const { return {at, static_cast<std::size_t>(end - at)}; }

 private:
  void make_room();

  Source source_;
  std::size_t capacity_;
  std::unique_ptr<char[]> buffer_;
  std::uint64_t end_offset_ = 0;
};

}  // namespace steward::sql
