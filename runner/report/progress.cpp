#include "runner/report/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace steward::report {
namespace {

constexpr auto redraw_after = std::chrono::milliseconds(100);
constexpr std::size_t bar_width = 20;
constexpr std::size_t narrow = 60;  // columns below which the bar gives way to the text
constexpr const char* wipe_line = "\r\x1b[K";

// Straight to the descriptor: a line that moves must not wait in a buffer.
void write_to_stderr(const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t written = write(STDERR_FILENO, text.data() + done, text.size() - done);
    if (written <= 0) return;
    done += static_cast<std::size_t>(written);
  }
}

std::string bar(std::size_t done, std::size_t total) {
  const std::size_t filled = total == 0 ? 0 : std::min(bar_width, bar_width * done / total);
  std::string text = "[";
  for (std::size_t i = 0; i < bar_width; ++i) text += i < filled ? "━" : "·";
  return text + "]";
}

std::string with_digits(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string minutes(double seconds) {
  const long whole = std::lround(seconds);
  char text[64];
  std::snprintf(text, sizeof text, "%ld min %02ld s", whole / 60, whole % 60);
  return text;
}

double milliseconds_between(Progress::Clock::time_point from, Progress::Clock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

}  // namespace

std::string format_duration(double milliseconds) {
  if (milliseconds < 9.95) return with_digits(milliseconds, 1) + " ms";
  if (milliseconds < 999.5) return with_digits(milliseconds, 0) + " ms";
  const double seconds = milliseconds / 1000;
  if (seconds < 9.95) return with_digits(seconds, 1) + " s";
  return seconds < 59.5 ? with_digits(seconds, 0) + " s" : minutes(seconds);
}

Progress::Progress(terminal::Style style, bool quiet)
    : Progress(style, quiet, &write_to_stderr, &Clock::now) {}

Progress::Progress(terminal::Style style, bool quiet, std::function<void(const std::string&)> sink,
                   std::function<Clock::time_point()> now)
    : style_(style), quiet_(quiet), sink_(std::move(sink)), now_(std::move(now)) {}

Progress::~Progress() {
  finish();
}

void Progress::begin(std::size_t total) {
  total_ = total;
  tell({"started", total, {}});
}

void Progress::step_started(std::size_t k, const std::string& id, const std::string& message,
                            const std::string& direction) {
  tell({"step_started", k, id, direction});
  step_ = {k, terminal::harmless(id), terminal::harmless(message), direction, now_()};
  // Steps that take no time at all would only flicker.
  if (style_.moving && !quiet_ && step_.started - drawn_at_ >= redraw_after) draw(step_.started);
}

void Progress::tick() {
  if (quiet_ || !style_.moving || step_.k == 0) return;
  const Clock::time_point now = now_();
  if (now - drawn_at_ >= redraw_after) draw(now);
}

void Progress::step_done(std::size_t k, const std::string& id, double milliseconds) {
  tell({"step_done", k, id, step_.direction, milliseconds});
  if (quiet_) return;
  std::string text = std::to_string(k) + "/" + std::to_string(total_) + " " + step_.direction + " ";
  text += terminal::paint(style_, terminal::Tone::name, terminal::harmless(id));
  if (step_.k == k && !step_.message.empty()) text += " " + step_.message;
  if (milliseconds >= 0)
    text +=
        terminal::paint(style_, terminal::Tone::dim, " (" + format_duration(milliseconds) + ")");
  print(text);
}

void Progress::note(const std::string& text) {
  tell({"note", 0, text});
  if (!quiet_) print(terminal::harmless(text));
}

void Progress::finish() {
  wipe();
  step_ = {};
}

// "[━━━━····] 3/8 upgrade 8f3a2c1d9e07 Create todo_item 1.4 s", cut to the terminal's width. In a
// narrow one the bar is left out; the time always stays.
std::string Progress::line(Clock::time_point now) const {
  const std::size_t width = std::max<std::size_t>(style_.width, 8) - 1;
  const std::string time = " " + format_duration(milliseconds_between(step_.started, now));
  std::string text = std::to_string(step_.k) + "/" + std::to_string(total_) + " " +
                     step_.direction + " " + step_.id;
  if (!step_.message.empty()) text += " " + step_.message;
  if (style_.width >= narrow) text = bar(step_.k - 1, total_) + " " + text;
  const std::size_t room =
      width > terminal::columns_of(time) ? width - terminal::columns_of(time) : 0;
  return terminal::cut(text, room) + terminal::cut(time, width);
}

void Progress::draw(Clock::time_point now) {
  sink_(wipe_line + line(now));
  drawn_ = true;
  drawn_at_ = now;
}

void Progress::wipe() {
  if (drawn_) sink_(wipe_line);
  drawn_ = false;
}

void Progress::print(const std::string& text) {
  sink_((drawn_ ? wipe_line : "") + text + "\n");
  drawn_ = false;
  drawn_at_ = {};
}

}  // namespace steward::report
