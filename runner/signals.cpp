#include "runner/signals.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

#include "runner/error.h"

namespace steward::signals {
namespace {

std::atomic<int> received_signal{0};
std::atomic<void (*)()> canceller{nullptr};

void handle(int signal) {
  if (received_signal.exchange(signal) != 0) _exit(128 + signal);
  if (void (*cancel)() = canceller.load()) cancel();
}

void catch_signal(int signal) {
  struct sigaction action {};
  action.sa_handler = handle;
  sigemptyset(&action.sa_mask);
  action.sa_flags = 0;  // no SA_RESTART: a poll() that waits must notice
  sigaction(signal, &action, nullptr);
}

}  // namespace

void install() {
  catch_signal(SIGINT);
  catch_signal(SIGTERM);
}

void ignore_pipe() {
  std::signal(SIGPIPE, SIG_IGN);
}

int received() noexcept {
  return received_signal.load();
}

void on_signal(void (*function)()) noexcept {
  canceller.store(function);
}

void check() {
  const int signal = received();
  if (signal == 0) return;
  throw Error(signal == SIGTERM ? Exit::terminated : Exit::interrupted, "interrupted",
              signal == SIGTERM ? "stopped by SIGTERM" : "stopped by SIGINT");
}

}  // namespace steward::signals
