#include "runner/report/progress.h"

#include <gtest/gtest.h>

namespace steward::report {
namespace {

using std::chrono::milliseconds;

// A progress on a screen of our own, with a clock of our own.
class Screen {
 public:
  Screen(bool moving, std::size_t width, bool quiet = false)
      : progress_(
            {moving, false, width}, quiet, [this](const std::string& text) { written_ += text; },
            [this] { return now_; }) {}
  Progress* operator->() { return &progress_; }
  void pass(int time) { now_ += milliseconds(time); }
  std::string take() { return std::exchange(written_, {}); }

 private:
  std::string written_;
  Progress::Clock::time_point now_{std::chrono::hours(1)};
  Progress progress_;
};

TEST(Progress, moves_while_a_step_runs) {
  Screen screen(true, 80);
  screen->begin(4);
  screen->step_started(3, "8f3a2c1d9e07", "Create todo_item", "upgrade");
  EXPECT_EQ(screen.take(),
            "\r\x1b[K[━━━━━━━━━━··········] 3/4 upgrade 8f3a2c1d9e07 Create todo_item 0.0 ms");
  screen->tick();
  EXPECT_EQ(screen.take(), "");
  screen.pass(1400);
  screen->tick();
  EXPECT_EQ(screen.take(),
            "\r\x1b[K[━━━━━━━━━━··········] 3/4 upgrade 8f3a2c1d9e07 Create todo_item 1.4 s");
  screen->step_done(3, "8f3a2c1d9e07", 1500);
  EXPECT_EQ(screen.take(), "\r\x1b[K3/4 upgrade 8f3a2c1d9e07 Create todo_item (1.5 s)\n");
}

TEST(Progress, fits_any_width) {
  for (const std::size_t width : {1u, 10u, 20u, 40u, 59u, 60u, 80u, 200u}) {
    Screen screen(true, width);
    screen->begin(10);
    screen->step_started(10, "8f3a2c1d9e07",
                         "日本語 and a message that goes on and on and on, for ever", "upgrade");
    std::string line = screen.take();
    ASSERT_TRUE(line.starts_with("\r\x1b[K"));
    line.erase(0, 4);
    EXPECT_LT(terminal::columns_of(line), std::max<std::size_t>(width, 8)) << width << ": " << line;
    EXPECT_EQ(line.find("[━") != std::string::npos, width >= 60) << width;
  }
}

TEST(Progress, prints_plain_lines_elsewhere) {
  Screen screen(false, 80);
  screen->begin(1);
  screen->step_started(1, "a1", "First", "downgrade");
  screen.pass(5000);
  screen->tick();
  EXPECT_EQ(screen.take(), "");
  screen->step_done(1, "a1", 12.3);
  screen->finish();
  EXPECT_EQ(screen.take(), "1/1 downgrade a1 First (12 ms)\n");
}

TEST(Progress, says_nothing_when_quiet) {
  Screen screen(true, 80, true);
  screen->begin(1);
  screen->step_started(1, "a1", "First", "upgrade");
  screen.pass(500);
  screen->tick();
  screen->note("hello");
  screen->step_done(1, "a1", 500);
  screen->finish();
  EXPECT_EQ(screen.take(), "");
}

TEST(Progress, does_not_let_a_message_steer_the_terminal) {
  Screen screen(false, 80);
  screen->begin(1);
  screen->step_started(1, "a1", "evil\x1b[2Jmessage\n", "upgrade");
  screen->step_done(1, "a1", -1);
  EXPECT_EQ(screen.take(), "1/1 upgrade a1 evil [2Jmessage \n");
}

TEST(Duration, is_short_and_rounded) {
  EXPECT_EQ(format_duration(0.04), "0.0 ms");
  EXPECT_EQ(format_duration(9.96), "10 ms");
  EXPECT_EQ(format_duration(999.4), "999 ms");
  EXPECT_EQ(format_duration(999.6), "1.0 s");
  EXPECT_EQ(format_duration(59600), "1 min 00 s");
  EXPECT_EQ(format_duration(185000), "3 min 05 s");
}

}  // namespace
}  // namespace steward::report
