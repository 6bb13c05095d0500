#include "runner/sql/window.h"

#include <cstring>
#include <utility>

#include "runner/sql/fault.h"

namespace steward::sql {
namespace {

constexpr std::size_t longest_line = 1024 * 1024;

}  // namespace

Source source_of(std::string_view text) {
  return [text](char* buffer, std::size_t size) mutable {
    std::size_t count = text.copy(buffer, size);
    text.remove_prefix(count);
    return count;
  };
}

Window::Window(Source source, std::size_t capacity)
    : source_(std::move(source)), capacity_(capacity), buffer_(new char[capacity]) {
  at = end = buffer_.get();
}

bool Window::fill() {
  if (last) return false;
  make_room();
  char* free = buffer_.get() + (end - buffer_.get());
  std::size_t count = source_(free, capacity_ - static_cast<std::size_t>(end - buffer_.get()));
  end += count;
  end_offset_ += count;
  last = count == 0;
  return true;
}

void Window::make_room() {
  std::size_t kept = static_cast<std::size_t>(end - at);
  if (kept == capacity_) {
    std::unique_ptr<char[]> larger(new char[capacity_ * 2]);
    std::memcpy(larger.get(), at, kept);
    buffer_ = std::move(larger);
    capacity_ *= 2;
  } else if (kept > 0 && at != buffer_.get()) {
    std::memmove(buffer_.get(), at, kept);
  }
  at = buffer_.get();
  end = at + kept;
}

std::string_view Window::line() {
  std::size_t seen = 0;
  for (;;) {
    std::size_t size = rest().find('\n', seen);
    if (size != std::string_view::npos) return rest().substr(0, size);
    seen = rest().size();
    if (seen > longest_line)
      throw Fault{"line_too_long", "a line of more than a megabyte stands where none can", "",
                  offset()};
    if (!fill()) return rest();
  }
}

}  // namespace steward::sql
