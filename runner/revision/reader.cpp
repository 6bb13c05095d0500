// Reader and text() of runner/revision/file.h: a section's text, from its file.
#include <algorithm>
#include <array>

#include "runner/revision/file.h"
#include "runner/revision/open_file.h"
#include "runner/text.h"

namespace steward::revision {
namespace {

// A copy outlives the File it came with: the source shares it.
sql::Source source_at(const File& file, std::uint64_t offset) {
  if (!file.copy) return source_of_file(file.path, offset);
  auto rest = std::make_shared<sql::Source>(
      sql::source_of(std::string_view(*file.copy).substr(static_cast<std::size_t>(offset))));
  return [copy = file.copy, rest](char* buffer, std::size_t size) { return (*rest)(buffer, size); };
}

}  // namespace

struct Reader::State {
  State(const File& file, const Section& section)
      : input(source_at(file, section.offset)), left(section.length) {}

  void read_more();

  sql::Source input;
  std::uint64_t left;
  Canonical canonical;
  Sha256 sha256;
  std::string ready;  // text that nobody has read yet, from `taken` on
  std::size_t taken = 0;
  std::string checksum;
  bool ended = false;
};

// A file that has become shorter ends early; the checksum tells.
void Reader::State::read_more() {
  std::array<char, 32 * 1024> buffer;
  ready.clear();
  taken = 0;
  std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size()));
  std::size_t count = size > 0 ? input(buffer.data(), size) : 0;
  left -= count;
  auto add = [this](std::string_view text) { ready += text; };
  if (count > 0)
    canonical.feed({buffer.data(), count}, add);
  else
    add(canonical.finish());
  sha256.update(ready);
  if (count > 0) return;
  ended = true;
  checksum = sha256.hex();
}

Reader::Reader(const File& file, const Section& section)
    : state_(std::make_unique<State>(file, section)) {}
Reader::~Reader() = default;

std::size_t Reader::read(char* buffer, std::size_t size) {
  State& state = *state_;
  while (state.taken == state.ready.size() && !state.ended) state.read_more();
  std::size_t count = state.ready.copy(buffer, size, state.taken);
  state.taken += count;
  return count;
}

std::string Reader::checksum() const {
  return state_->checksum;
}

std::string text(const File& file, const Section& section) {
  std::string result(static_cast<std::size_t>(section.length), '\0');
  Reader reader(file, section);
  std::size_t size = 0;
  while (std::size_t count = reader.read(result.data() + size, result.size() - size)) size += count;
  result.resize(size);
  return result;
}

}  // namespace steward::revision
