#include "runner/sql.h"

#include <utility>

#include "runner/sql/place.h"
#include "runner/sql/scanner.h"
#include "runner/text.h"

namespace steward::sql {

struct Splitter::State {
  State(Source source, std::string name, std::uint64_t first_line)
      : window(std::move(source)), file(std::move(name)), line(first_line) {}

  void add(Statement& statement, std::string_view text);
  void complete(Statement& statement);
  Error error(const Fault& fault, const Statement& statement);

  Window window;
  Scanner scanner{window, Cut::statements};
  std::string file;
  std::uint64_t line;        // of what comes next
  std::uint64_t origin = 0;  // where in the source the statement's text begins
  int number = 0;
  bool in_data = false;
  bool ended = false;
  Place copy;  // the COPY whose data is read
};

void Splitter::State::add(Statement& statement, std::string_view text) {
  statement.text += text;
  line += count_line_ends(text);
}

void Splitter::State::complete(Statement& statement) {
  statement.words = scanner.words();
  statement.copy_in = in_data = scanner.copy_in();
  if (scanner.blank()) return;
  statement.number = ++number;
  statement.first = static_cast<std::size_t>(scanner.first() - origin);
  statement.first_line =
      statement.line + count_line_ends(std::string_view(statement.text).substr(0, statement.first));
  if (in_data) {
    copy = place_in(statement.text, statement.first, file, statement.line);
    copy.statement = number;
  }
}

// The offending line may go on beyond what was taken.
Error Splitter::State::error(const Fault& fault, const Statement& statement) {
  std::string seen = statement.text;
  seen += window.rest().substr(0, window.rest().find('\n'));
  std::size_t at = static_cast<std::size_t>(fault.offset - origin);
  Place place = place_in(seen, at, file, statement.line);
  place.statement = number + 1;
  return error_at(fault, std::move(place));
}

Splitter::Splitter(Source source, std::string file, std::uint64_t line)
    : state_(std::make_unique<State>(std::move(source), std::move(file), line)) {}
Splitter::~Splitter() = default;
Splitter::Splitter(Splitter&&) noexcept = default;
Splitter& Splitter::operator=(Splitter&&) noexcept = default;

bool Splitter::next(Statement& statement) {
  State& state = *state_;
  std::string text_memory = std::move(statement.text);  // used again: it has grown to size
  text_memory.clear();
  statement = Statement();
  statement.text = std::move(text_memory);
  statement.line = statement.first_line = state.line;
  state.origin = state.window.offset();
  std::string_view text;
  try {
    while (!state.ended) {
      Piece piece = state.scanner.next(text);
      state.ended = piece == Piece::end;
      if (piece == Piece::psql) {
        state.origin += text.size();
        continue;
      }
      state.add(statement, text);
      if (piece == Piece::part) continue;
      state.complete(statement);
      return piece == Piece::statement || !statement.text.empty();
    }
  } catch (const Fault& fault) {
    throw state.error(fault, statement);
  }
  return false;
}

bool Splitter::data(std::string& rows) {
  State& state = *state_;
  rows.clear();
  if (!state.in_data) return false;
  std::string_view text;
  try {
    state.in_data = state.scanner.next(text) == Piece::rows;
  } catch (const Fault& fault) {
    throw error_at(fault, state.copy);
  }
  state.line += count_line_ends(text);
  if (state.in_data) rows = text;
  return state.in_data;
}

std::uint64_t Splitter::line() const {
  return state_->line;
}

}  // namespace steward::sql
