// Splits any bytes. The first byte chooses how the source is cut; whatever it is, nothing crashes,
// the pieces give the script back, and the statements are those of the uncut source.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "runner/error.h"
#include "runner/sql.h"
#include "runner/sql/scanner.h"

namespace steward::sql {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

Source in_pieces(std::string_view text, std::size_t piece) {
  return [rest = text, piece](char* buffer, std::size_t size) mutable {
    std::size_t count = rest.copy(buffer, std::min(size, piece));
    rest.remove_prefix(count);
    return count;
  };
}

std::string account(std::string_view script, std::size_t piece) {
  std::string result;
  try {
    Splitter splitter(in_pieces(script, piece), "f");
    Statement one;
    std::string rows;
    while (splitter.next(one)) {
      require(one.number == 0 || one.first < one.text.size());
      result += one.text + '\1' + one.words + '\1' + std::to_string(one.first_line) + '\1';
      result += runs_outside_transaction(one) ? 'o' : 'i';
      result += controls_transaction(one) ? 'c' : '-';
      while (one.copy_in && splitter.data(rows)) result += rows;
    }
  } catch (const Error& error) {
    require(error.place().has_value());
    result += error.code() + std::to_string(error.place()->line) + error.place()->excerpt;
  }
  return result;
}

void scan(std::string_view script, std::size_t window_size, Cut cut) {
  Window window(source_of(script), window_size);
  Scanner scanner(window, cut);
  std::size_t passed = 0;
  try {
    std::string_view text;
    for (Piece piece = Piece::part; piece != Piece::end && piece != Piece::directive;
         passed += text.size()) {
      piece = scanner.next(text);
      require(script.substr(passed, text.size()) == text);
    }
    require(passed == window.offset());
  } catch (const Fault& fault) {
    require(fault.offset <= script.size());
  }
}

}  // namespace
}  // namespace steward::sql

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace steward::sql;
  if (size == 0) return 0;
  std::string_view script(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece = 1 + data[0] % 16;
  require(account(script, piece) == account(script, size));
  scan(script, piece, Cut::statements);
  scan(script, piece, Cut::sections);
  std::string once = squeezed(script);
  require(squeezed(once) == once);
  return 0;
}
