#include "runner/ship.h"

#include <algorithm>
#include <cstdlib>
#include <random>
#include <thread>

#include "runner/pooler.h"
#include "runner/ship/carrier.h"
#include "runner/ship/fault.h"
#include "runner/ship/stream.h"
#include "runner/signals.h"

namespace steward::ship {
namespace {

using Clock = std::chrono::steady_clock;

// The server keeps the parse tree of a whole message, up to twenty times its text, until its end.
constexpr std::size_t message_limit = 384 * 1024;

std::chrono::milliseconds jittered(std::chrono::milliseconds longest) {
  static std::minstd_rand random{std::random_device{}()};
  return std::chrono::milliseconds(
      std::uniform_int_distribution<long>(longest.count() / 2, longest.count())(random));
}

void pause(std::chrono::milliseconds time) {
  for (auto end = Clock::now() + time; Clock::now() < end;
       std::this_thread::sleep_for(std::chrono::milliseconds(20)))
    signals::check();
}

Settings known(Settings settings, const pg::Connection& connection) {
  settings.server_version = connection.server_version();
  return settings;
}

class Shipment {
 public:
  Shipment(pg::Connection& connection, const plan::Plan& plan, const Options& options,
           report::Progress& progress)
      : connection_(connection),
        plan_(plan),
        options_(options),
        progress_(progress),
        script_(revision::new_id(), known(options.settings, connection)),
        carrier_(connection, script_, plan, progress) {}

  Shipped run();
  const std::string& id() const { return script_.run(); }

 private:
  std::optional<Failed> attempt();
  std::optional<Failed> advance();
  std::optional<Failed> join_steps();
  std::optional<Failed> stream_step();
  std::optional<Failed> run_outside();
  std::optional<Failed> whole_plan();
  void open(Message& message, const plan::Step& step) const;
  void close(Message& message, bool last) const;

  void recover(const Failed& failed);
  void wait_for_runner();
  void retry(const Failed& failed);
  void look_closer(const Failed& failed);
  [[noreturn]] void give_up(const Failed& failed);
  void record_failure(const plan::Step& step, const Error& error);
  bool atomic() const { return options_.atomic || options_.rehearse; }
  std::vector<Rehearsed> traces();
  const plan::Step& current() const {
    return plan_.steps[std::min(carrier_.step(), plan_.steps.size() - 1)];
  }

  pg::Connection& connection_;
  const plan::Plan& plan_;
  const Options& options_;
  report::Progress& progress_;
  Script script_;
  Carrier carrier_;
  std::size_t apart_ =
      std::string::npos;  // this step stands alone: the server could not parse it among others
  int attempts_ = 0;
  std::size_t attempted_ = 0;
  Clock::time_point waiting_since_{};
  int done_outside_ = 0;
};

void Shipment::open(Message& message, const plan::Step& step) const {
  if (!atomic()) message.add("BEGIN;\n");
  message.add(script_.prelude(step));
  message.add(script_.begin(step));
}

void Shipment::close(Message& message, bool last) const {
  message.add(script_.end());
  if (!atomic()) message.add("COMMIT;\n");
  message.add(reset_session);
  if (last && !atomic()) message.add(script_.anchor());
}

std::optional<Failed> Shipment::join_steps() {
  Message message;
  std::size_t k = carrier_.step();
  do {
    const plan::Step& step = plan_.steps[k];
    open(message, step);
    const revision::Section& section = section_of(step);
    message.add_section(k, *step.file, script_.text(*step.file, section), section.line);
    close(message, ++k == plan_.steps.size());
  } while (k < plan_.steps.size() && message.size() < message_limit && k != apart_ &&
           joins(plan_.steps[k]));
  return carrier_.deliver(message, 1);
}

std::optional<Failed> Shipment::stream_step() {
  std::size_t k = carrier_.step();
  Message opening, closing;
  if (!atomic()) {
    opening.add("BEGIN;\n");
    if (auto failed = carrier_.deliver(opening)) return failed;
  }
  if (auto failed = stream_body(carrier_, script_, plan_.steps[k], k, k == apart_)) return failed;
  close(closing, k + 1 == plan_.steps.size());
  return carrier_.deliver(closing);
}

std::optional<Failed> Shipment::run_outside() {
  done_outside_ = 0;
  std::size_t k = carrier_.step();
  if (auto failed =
          stream_outside(connection_, carrier_, script_, plan_.steps[k], k, done_outside_))
    return failed;
  if (k + 1 < plan_.steps.size()) return std::nullopt;
  Message closing;
  closing.add(script_.anchor());
  return carrier_.deliver(closing);
}

std::optional<Failed> Shipment::advance() {
  const plan::Step& step = plan_.steps[carrier_.step()];
  if (!section_of(step).options.transaction) return run_outside();
  return carrier_.step() != apart_ && joins(step) ? join_steps() : stream_step();
}

// All of it in one transaction.
std::optional<Failed> Shipment::whole_plan() {
  Message opening, closing;
  opening.add("BEGIN;\n");
  if (options_.create_extension) opening.add("CREATE EXTENSION IF NOT EXISTS pg_steward;\n");
  opening.add(options_.records);
  if (auto failed = carrier_.deliver(opening)) return failed;
  while (carrier_.step() < plan_.steps.size()) {
    signals::check();
    if (auto failed = advance()) return failed;
  }
  if (options_.rehearse) return std::nullopt;
  closing.add("COMMIT;\n" + reset_session + script_.anchor());
  return carrier_.deliver(closing);
}

// What goes wrong on our side of a step (its verify section disagrees) is undone and recorded like
// what goes wrong on the server's.
std::optional<Failed> Shipment::attempt() {
  try {
    return atomic() ? whole_plan() : advance();
  } catch (const pg::ConnectionLost&) {
    throw;
  } catch (const Error& error) {
    carrier_.roll_back();
    if (error.exit() == Exit::failed && !options_.rehearse) record_failure(current(), error);
    throw;
  }
}

// What the steps wrote into the ledger, which nobody else will ever see.
std::vector<Rehearsed> Shipment::traces() {
  const pg::Rows rows = connection_.query(
      "SELECT duration_ms, statements FROM steward.ledger WHERE run = $1 ORDER BY seq",
      {script_.run()});
  std::vector<Rehearsed> list;
  for (std::size_t row = 0; row < rows.size(); ++row)
    list.push_back({std::strtod(std::string(rows.text(row, 0)).c_str(), nullptr),
                    std::string(rows.text(row, 1))});
  carrier_.roll_back();
  return list;
}

Shipped Shipment::run() {
  progress_.begin(plan_.steps.size());
  while (carrier_.committed() < plan_.steps.size()) {
    signals::check();
    if (auto failed = attempt())
      recover(*failed);
    else if (options_.rehearse)
      return {plan_.steps.size(), "", traces()};
    else
      waiting_since_ = {};
  }
  progress_.finish();
  return {carrier_.committed(), carrier_.anchor(), {}};
}

void Shipment::recover(const Failed& failed) {
  const plan::Step step = current();
  carrier_.roll_back();
  if (signals::received()) {
    carrier_.go_back_to(carrier_.committed());
    signals::check();
  }
  switch (remedy_for(failed.failure, failed.begun, failed.any_result)) {
    case Remedy::wait:
      wait_for_runner();
      break;
    case Remedy::retry:
      retry(failed);
      break;
    case Remedy::piece:
      look_closer(failed);
      break;
    case Remedy::replan:
    case Remedy::none:
      give_up(failed);
  }
  carrier_.go_back_to(carrier_.committed());
}

void Shipment::wait_for_runner() {
  if (waiting_since_ == Clock::time_point{}) {
    waiting_since_ = Clock::now();
    progress_.note("another runner is at work on this database; waiting for it");
  }
  if (Clock::now() - waiting_since_ > options_.lock_wait)
    throw Error(
        Exit::locked, "runner_locked", "another runner is at work on this database",
        "It held the runner lock for " + std::to_string(options_.lock_wait.count() / 1000) + " s.",
        "Wait until it is done. Who it is: SELECT pid FROM pg_locks WHERE locktype = 'advisory' "
        "AND "
        "classid = 1937007991;");
  pause(jittered(std::chrono::milliseconds(400)));
}

void Shipment::retry(const Failed& failed) {
  if (attempted_ != carrier_.step()) attempts_ = 0;
  attempted_ = carrier_.step();
  bool outside = !section_of(current()).options.transaction;
  if (outside || ++attempts_ > options_.retries) give_up(failed);
  progress_.note("revision " + current().file->id + ": " + failed.failure.message +
                 "; trying again (" + std::to_string(attempts_) + " of " +
                 std::to_string(options_.retries) + ")");
  pause(jittered(
      std::min(std::chrono::milliseconds(100 << attempts_), std::chrono::milliseconds(5000))));
}

// The server could not parse a message, and did nothing of it. The steps before the one it stumbled
// over are sent again without it; that one then goes statement by statement, as if it had stood
// alone.
void Shipment::look_closer(const Failed& failed) {
  if (atomic() || failed.begun || carrier_.step() == apart_ || !failed.step) give_up(failed);
  apart_ = *failed.step;
}

void Shipment::give_up(const Failed& failed) {
  const plan::Step& step = current();
  Error error = as_error(failed.failure, step, failed.place, done_outside_ > 0);
  if (failed.begun && !options_.rehearse) record_failure(step, error);
  throw error;
}

void Shipment::record_failure(const plan::Step& step, const Error& error) {
  try {
    connection_.run("SELECT steward.abandon_step();");
    connection_.run(reset_session);
    connection_.run(script_.failed(step, error));
  } catch (const Error& problem) {
    progress_.note(std::string("the failure could not be recorded in the ledger: ") +
                   problem.what());
  }
}

void require_transactional(const plan::Plan& plan) {
  for (const plan::Step& step : plan.steps)
    if (!section_of(step).options.transaction)
      throw Error(Exit::usage, "not_atomic",
                  "revision \"" + step.file->id + "\" runs outside a transaction",
                  "Its section says transaction=off.",
                  "Ship it without --atomic; it cannot be rehearsed.");
}

// Before the first step: a deploy that stops half-way for want of a session helps nobody.
void require_session(pg::Connection& connection, const plan::Plan& plan, const Options& options) {
  if (!options.reconnect) return;
  for (const plan::Step& step : plan.steps) {
    if (section_of(step).options.transaction) continue;
    if (!pooler::shares_sessions(connection, options.reconnect)) return;
    throw Error(
        Exit::unreachable, "pooled",
        "revision \"" + step.file->id + "\" cannot run through a pooler in transaction mode",
        "It runs outside a transaction, in a session of its own; the pooler gives the session to "
        "others between two statements. Nothing was done.",
        "Connect directly: DIRECT_URL" +
            (options.direct_url.empty() ? "=..." : "=" + options.direct_url));
  }
}

// Warnings are worth a line; notices (and the sign of life that begin_step gives) are not.
void tell_warnings(pg::Connection& connection, report::Progress& progress) {
  connection.on_notice([&progress](const pg::Failure& notice) {
    if (notice.severity == "WARNING") progress.note("warning: " + notice.message);
  });
}

// The connection is gone; the ledger tells how far it came.
Shipped after_loss(const Shipment& shipment, const plan::Plan& plan, const Options& options,
                   const pg::ConnectionLost& lost) {
  if (!options.reconnect || options.rehearse) throw lost;
  std::size_t steps = recorded_steps(options.reconnect, shipment.id(), std::chrono::seconds(15));
  if (steps == plan.steps.size()) return {steps, "", {}};
  const plan::Step& next = plan.steps[steps];
  Error error(Exit::unreachable, "connection_lost",
              "the connection was lost: " + std::string(lost.what()),
              std::to_string(steps) + " of " + std::to_string(plan.steps.size()) +
                  " steps are applied; revision \"" + next.file->id + "\" was not.",
              "Run it again: it goes on from there.");
  error.sqlstate = lost.sqlstate;
  throw error;
}

}  // namespace

Shipped ship(pg::Connection& connection, const plan::Plan& plan, const Options& options,
             report::Progress& progress) {
  if (plan.steps.empty()) return {};
  if (options.atomic || options.rehearse) require_transactional(plan);
  require_session(connection, plan, options);
  tell_warnings(connection, progress);
  Shipment shipment(connection, plan, options, progress);
  try {
    return shipment.run();
  } catch (const pg::ConnectionLost& lost) {
    return after_loss(shipment, plan, options, lost);
  }
}

}  // namespace steward::ship
