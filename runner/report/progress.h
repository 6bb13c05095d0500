// Progress: what a person sees while the server works. On a terminal one line that moves, with the
// running step's elapsed time; elsewhere one plain line for each step done; nothing when quiet.
// Writes to stderr (or, in tests, wherever it is told), never to stdout. Failing to write is not an
// error.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "runner/terminal.h"

namespace steward::report {

class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  // style says whether it moves (a terminal), its width and whether it may be coloured.
  Progress(terminal::Style style, bool quiet);
  // For tests: writes to sink, and asks now for the time.
  Progress(terminal::Style style, bool quiet, std::function<void(const std::string&)> sink,
           std::function<Clock::time_point()> now);
  ~Progress();  // wipes the moving line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // What is told of each event besides what is drawn: started, step_started, step_done, note.
  struct Event {
    std::string_view name;
    std::size_t step = 0;   // from 1; started: how many there are
    std::string_view text;  // the revision's id; the note's text
    std::string_view direction{};
    double milliseconds = -1;
  };
  void listen(std::function<void(const Event&)> listener) { listener_ = std::move(listener); }

  void begin(std::size_t total);
  // k counts from 1. direction: "upgrade" or "downgrade", as it is shown.
  void step_started(std::size_t k, const std::string& id, const std::string& message,
                    const std::string& direction);
  // Draws the line again when 100 ms have passed since the last time. Cheap otherwise.
  void tick();
  // milliseconds: what the server took; negative: not known.
  void step_done(std::size_t k, const std::string& id, double milliseconds);
  // A line of its own (a notice, a retry) above the moving one. Not shown when quiet.
  void note(const std::string& text);
  // Wipes the moving line; what was printed of the steps stays.
  void finish();

 private:
  struct Step {
    std::size_t k = 0;
    std::string id;
    std::string message;
    std::string direction;
    Clock::time_point started;
  };
  std::string line(Clock::time_point now) const;
  void draw(Clock::time_point now);
  void wipe();
  void print(const std::string& text);
  void tell(const Event& event) const {
    if (listener_) listener_(event);
  }

  terminal::Style style_;
  bool quiet_;
  std::function<void(const std::string&)> sink_;
  std::function<Clock::time_point()> now_;
  std::function<void(const Event&)> listener_;
  std::size_t total_ = 0;
  Step step_;
  bool drawn_ = false;
  Clock::time_point drawn_at_{};
};

// 80 ms, 1.4 s, 12 s, 3 min 05 s: durations as they are shown everywhere.
std::string format_duration(double milliseconds);

}  // namespace steward::report
