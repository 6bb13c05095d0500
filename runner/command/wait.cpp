#include "runner/command/wait.h"

#include <array>
#include <thread>

#include "runner/report/progress.h"
#include "runner/signals.h"

namespace steward::command {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto pause = std::chrono::milliseconds(250);

bool time_may_mend(const Error& error) {
  static constexpr std::array<std::string_view, 5> codes{"cannot_connect", "connect_timeout",
                                                         "server_not_ready", "too_many_connections",
                                                         "connection_lost"};
  return std::find(codes.begin(), codes.end(), error.code()) != codes.end();
}

bool try_once(Session& session, Clock::time_point deadline) {
  try {
    session.connection();
    return true;
  } catch (const Error& error) {
    if (!time_may_mend(error) || Clock::now() + pause >= deadline) throw;
    return false;
  }
}

}  // namespace

Exit wait(Session& session, const WaitOptions& options) {
  const auto timeout = config::parse_duration(options.timeout);
  if (!timeout)
    throw Error(Exit::usage, "usage", "--timeout: \"" + options.timeout + "\" is not a duration",
                "", "write 500ms, 5s or 2min");
  signals::install();
  session.target();
  const Clock::time_point begun = Clock::now();
  while (!try_once(session, begun + *timeout)) {
    std::this_thread::sleep_for(pause);
    signals::check();
  }
  const auto waited = std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
  session.output().say("the server takes connections, after " + report::format_duration(waited));
  session.output().object({{"verb", "wait"}, {"waited_ms", waited}});
  return Exit::done;
}

}  // namespace steward::command
