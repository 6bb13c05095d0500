#include "runner/sql.h"

#include <utility>

#include "runner/sql/place.h"
#include "runner/sql/scanner.h"
#include "runner/text.h"

namespace steward::sql {
namespace {

constexpr std::size_t longest_excerpt = 4096;

}  // namespace

struct Splitter::State {
  State(Source source, std::string name, std::uint64_t first_line)
      : window(std::move(source)), file(std::move(name)), line(first_line) {}

  void add(Statement& statement, std::string_view text);
  void complete(Statement& statement);
  void begin_line_with(const Statement& statement);
  Place place(const std::string& text, std::size_t at, const Statement& statement) const;
  Error error(const Fault& fault, const Statement& statement) const;

  Window window;
  Scanner scanner{window, Cut::statements};
  std::string file;
  std::uint64_t line;        // of what comes next
  std::uint64_t origin = 0;  // where in the source the statement's text begins
  std::string line_begin;    // what stands before it on its line, for messages
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
  if (in_data) copy = place(statement.text, statement.first, statement);
}

void Splitter::State::begin_line_with(const Statement& statement) {
  std::size_t line_end = statement.text.rfind('\n');
  if (line_end != std::string::npos) line_begin.clear();
  line_begin.append(statement.text, line_end + 1);  // npos + 1 is 0
  if (line_begin.size() > longest_excerpt) line_begin.erase(0, line_begin.size() - longest_excerpt);
}

// Of byte `at` of the statement's text, which may go on beyond what the statement has of it.
Place Splitter::State::place(const std::string& text, std::size_t at,
                             const Statement& statement) const {
  Place place = place_in(line_begin + text, line_begin.size() + at, file, statement.line);
  bool cut = line_begin.size() == longest_excerpt && place.line == statement.line;
  if (cut) place.column = 0;
  place.statement = statement.number > 0 ? statement.number : number + 1;
  return place;
}

Error Splitter::State::error(const Fault& fault, const Statement& statement) const {
  std::string seen = statement.text;
  seen += window.rest().substr(0, window.rest().find('\n'));
  return error_at(fault, place(seen, static_cast<std::size_t>(fault.offset - origin), statement));
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
      state.begin_line_with(statement);
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
