#include "runner/ship/carrier.h"

#include <cstdlib>

#include "runner/signals.h"

namespace steward::ship {
namespace {

constexpr std::chrono::milliseconds between_ticks{100};

}  // namespace

Carrier::Carrier(pg::Connection& connection, const Script& script, const plan::Plan& plan,
                 report::Progress& progress)
    : connection_(connection), script_(script), plan_(plan), progress_(progress) {}

std::optional<pg::Result> Carrier::next_result() {
  while (!connection_.wait(between_ticks)) progress_.tick();
  return connection_.next();
}

std::optional<Failed> Carrier::deliver(const Message& message, int first_statement,
                                       sql::Splitter* source) {
  std::optional<Failed> failed;
  bool any_result = false;
  last_rows_ = {};
  connection_.send(message.text());
  while (std::optional<pg::Result> result = next_result()) {
    switch (result->kind) {
      case pg::Result::Kind::rows:
        take_rows(result->rows);
        break;
      case pg::Result::Kind::command:
        take_command(result->tag);
        break;
      case pg::Result::Kind::copy_in:
        feed(source);
        break;
      case pg::Result::Kind::copy_out:
        break;
      case pg::Result::Kind::error:
        failed = Failed{result->failure, message.locate(result->failure.position, first_statement),
                        message.step_at(result->failure.position), begun_, any_result};
        break;
    }
    any_result = true;
  }
  if (failed && !failed->place) failed->place = place_in_context(failed->failure.context);
  if (failed && failed->place && failed->place->excerpt.empty())
    failed->place->excerpt = message.line_of(failed->place->file, failed->place->line);
  return failed;
}

void Carrier::take_rows(const pg::Rows& rows) {
  if (script_.is_begin(rows))
    step_begins();
  else if (script_.is_end(rows))
    step_ends(rows);
  else if (script_.is_anchor(rows))
    anchor_ = rows.empty() ? "" : std::string(rows.text(0, 0));
  else
    last_rows_ = rows;
}

void Carrier::take_command(const std::string& tag) {
  if (tag == "COMMIT" && !begun_) committed_ = step_;
}

void Carrier::feed(sql::Splitter* source) {
  if (!source) return connection_.fail_copy("COPY FROM stdin without data in the file");
  std::string rows;
  while (source->data(rows)) {
    connection_.copy_data(rows);
    progress_.tick();
    if (signals::received()) return connection_.fail_copy("interrupted");
  }
  connection_.end_copy();
}

void Carrier::step_begins() {
  const plan::Step& step = plan_.steps[step_];
  begun_ = true;
  progress_.step_started(step_ + 1, step.file->id, step.file->message,
                         std::string(plan::name_of(step.direction)));
}

// The server says how long it took: its results come in bunches, so our clock cannot tell.
void Carrier::step_ends(const pg::Rows& rows) {
  double took = rows.empty() ? -1 : std::strtod(std::string(rows.text(0, 1)).c_str(), nullptr);
  progress_.step_done(step_ + 1, plan_.steps[step_].file->id, took);
  begun_ = false;
  ++step_;
}

void Carrier::go_back_to(std::size_t step) {
  step_ = step;
  begun_ = false;
}

void Carrier::roll_back() {
  // An open step refuses ROLLBACK until it is let go; one that failed has let go by itself.
  if (begun_ && connection_.transaction() == pg::Transaction::in_transaction)
    connection_.run("SELECT steward.abandon_step()");
  if (connection_.transaction() != pg::Transaction::idle) connection_.run("ROLLBACK");
  begun_ = false;
}

}  // namespace steward::ship
