#include "runner/ship/stream.h"

#include "runner/ship/by_state.h"
#include "runner/ship/resume.h"
#include "runner/signals.h"

namespace steward::ship {
namespace {

// Reads a section statement by statement, and knows in the end whether it was the one that was
// planned.
class SectionReader {
 public:
  SectionReader(const Script& script, const plan::Step& step, const revision::Section& section)
      : step_(step),
        section_(section),
        reader_(*step.file, section),
        splitter_(script.filling(*step.file,
                                 [this](char* buffer, std::size_t size) {
                                   return reader_.read(buffer, size);
                                 }),
                  step.file->path.string(), section.line) {}

  bool next(sql::Statement& statement) {
    if (splitter_.next(statement)) return true;
    if (reader_.checksum() != section_.checksum) throw file_changed(*step_.file);
    return false;
  }
  sql::Splitter& splitter() { return splitter_; }

 private:
  const plan::Step& step_;
  const revision::Section& section_;
  revision::Reader reader_;
  sql::Splitter splitter_;
};

// Sends a script that is too large for begin_step, piece by piece.
std::optional<Failed> keep(Carrier& carrier, const plan::Step& step,
                           const revision::Section& section, std::string_view direction) {
  if (step.file->copy || section.length <= inline_limit) return std::nullopt;
  std::optional<Failed> failed;
  each_piece(*step.file, section, [&](std::string_view piece) {
    Message message;
    message.add(keep_script(direction, piece));
    failed = carrier.deliver(message);
    return !failed;
  });
  return failed;
}

std::optional<Failed> keep_scripts(Carrier& carrier, const plan::Step& step) {
  if (auto failed = keep(carrier, step, step.file->upgrade, "upgrade")) return failed;
  return step.file->downgrade ? keep(carrier, step, *step.file->downgrade, "downgrade")
                              : std::nullopt;
}

// Collects statements into pieces and sends each.
class Pieces {
 public:
  Pieces(Carrier& carrier, const Script& script, const plan::Step& step, std::size_t index,
         std::size_t limit)
      : carrier_(carrier), script_(script), step_(step), index_(index), limit_(limit) {}

  std::optional<Failed> send_all(const revision::Section& section) {
    SectionReader reader(script_, step_, section);
    sql::Statement statement;
    while (reader.next(statement)) {
      add(statement);
      if (statement.copy_in || text_.size() >= limit_)
        if (auto failed = send(statement.copy_in ? &reader.splitter() : nullptr)) return failed;
      signals::check();
    }
    return send(nullptr);
  }

 private:
  void add(const sql::Statement& statement) {
    if (text_.empty()) {
      line_ = statement.line;
      first_ = statement.number;
    }
    text_ += statement.text;
  }

  std::optional<Failed> send(sql::Splitter* source) {
    if (text_.empty()) return std::nullopt;
    Message message;
    message.add(continue_step(line_));
    if (limit_ ==
        1) {  // alone in its message, so that where it stands is known before it is parsed
      if (auto failed = carrier_.deliver(message)) return failed;
      message = {};
    }
    message.add_section(index_, *step_.file, text_, line_);
    text_.clear();
    return carrier_.deliver(message, first_, source);
  }

  Carrier& carrier_;
  const Script& script_;
  const plan::Step& step_;
  std::size_t index_;
  std::size_t limit_;
  std::string text_;
  std::uint64_t line_ = 0;
  int first_ = 0;
};

// A verify section must answer true in every row, or no row at all.
void check_answer(const Carrier& carrier, const plan::Step& step) {
  const pg::Rows& rows = carrier.last_rows();
  for (std::size_t row = 0; row < rows.size(); ++row)
    if (!rows.flag(row, 0))
      throw Error(
          Exit::failed, "verify_failed",
          "revision \"" + step.file->id + "\" did not pass its verify section",
          "The query answered " + std::string(rows.text(row, 0)) + "; the upgrade was rolled back.",
          "Correct the upgrade, or the query, then run it again.")
          .at({step.file->path.string(), step.file->verify->line});
}

std::optional<Failed> verify(Carrier& carrier, const Script& script, const plan::Step& step,
                             std::size_t index) {
  if (!step.file->verify || step.direction != plan::Direction::upgrade) return std::nullopt;
  Pieces pieces(carrier, script, step, index, inline_limit);
  if (auto failed = pieces.send_all(*step.file->verify)) return failed;
  check_answer(carrier, step);
  return std::nullopt;
}

}  // namespace

bool joins(const plan::Step& step) {
  const revision::Section& section = section_of(step);
  const auto& downgrade = step.file->downgrade;
  return section.options.transaction && step.file->upgrade.length <= inline_limit &&
         (!downgrade || downgrade->length <= inline_limit) &&
         !(step.file->verify && step.direction == plan::Direction::upgrade) && section.plain;
}

std::optional<Failed> stream_body(Carrier& carrier, const Script& script, const plan::Step& step,
                                  std::size_t index, bool statement_by_statement) {
  Message opening;
  opening.add(script.prelude(step));
  opening.add(script.begin(step));
  if (auto failed = carrier.deliver(opening)) return failed;
  if (auto failed = keep_scripts(carrier, step)) return failed;
  Pieces pieces(carrier, script, step, index, statement_by_statement ? 1 : inline_limit);
  if (auto failed = pieces.send_all(section_of(step))) return failed;
  return verify(carrier, script, step, index);
}

namespace {

// One statement alone in its message: more would make an implicit transaction of them. That is what
// is wanted of the mark that it is done, where the statement allows it.
std::optional<Failed> run_and_mark(Carrier& carrier, const plan::Step& step, std::size_t index,
                                   SectionReader& reader, const sql::Statement& statement) {
  Message where, message, after;
  where.add(continue_step(statement.first_line));
  if (auto failed = carrier.deliver(where)) return failed;
  message.add_section(index, *step.file, std::string_view(statement.text).substr(statement.first),
                      statement.first_line);
  const bool together = commits_with_its_mark(statement);
  (together ? message : after).add("\n;" + mark_statement(statement.number));
  auto failed =
      carrier.deliver(message, statement.number, statement.copy_in ? &reader.splitter() : nullptr);
  // The server numbers what it has seen, which after an interruption is not all.
  if (failed && failed->place) failed->place->statement = statement.number;
  return failed || together ? failed : carrier.deliver(after);
}

// Goes over a statement that was done before the step was interrupted.
void skip(pg::Connection& connection, SectionReader& reader, const sql::Statement& statement) {
  if (sets_session(statement)) connection.run(statement.text);
  std::string rows;
  while (statement.copy_in && reader.splitter().data(rows)) continue;
}

std::optional<Failed> open_outside(Carrier& carrier, const Script& script, const plan::Step& step) {
  Message opening;
  opening.add(script.session_prelude(step));
  opening.add(script.begin(step));
  if (auto failed = carrier.deliver(opening)) return failed;
  return keep_scripts(carrier, step);
}

}  // namespace

std::optional<Failed> stream_outside(pg::Connection& connection, Carrier& carrier,
                                     const Script& script, const plan::Step& step,
                                     std::size_t index, int& done) {
  Resumed resumed = find_open_step(connection, step);
  if (auto failed = open_outside(carrier, script, step)) return failed;
  SectionReader reader(script, step, section_of(step));
  sql::Statement statement;
  while (reader.next(statement)) {
    if (statement.number == 0) continue;
    bool again =
        resumed.open && !resumed.found_taken && statement.number == resumed.statements_done + 1;
    if (statement.number <= resumed.statements_done ||
        (again && has_taken_effect(connection, statement)))
      skip(connection, reader, statement);
    else if (auto failed = run_and_mark(carrier, step, index, reader, statement))
      return failed;
    done = statement.number;
    signals::check();
  }
  Message closing;
  closing.add(script.end());
  closing.add(reset_session);
  if (auto failed = carrier.deliver(closing)) return failed;
  carrier.ended_outside();
  return std::nullopt;
}

}  // namespace steward::ship
