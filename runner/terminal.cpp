#include "runner/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace steward::terminal {
namespace {

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool is_dumb() {
  const char* term = std::getenv("TERM");
  return term == nullptr || std::string_view(term) == "dumb";
}

std::size_t width_of(int descriptor) {
  if (const char* columns = std::getenv("COLUMNS")) {
    const long value = std::atol(columns);
    if (value > 0 && value < 10000) return static_cast<std::size_t>(value);
  }
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

Style style_of(int descriptor, bool no_color) {
  Style style;
  const bool terminal = isatty(descriptor) == 1;
  style.moving = terminal && !is_dumb();
  style.color = !no_color && !is_set("NO_COLOR") && (style.moving || is_set("CLICOLOR_FORCE"));
  style.width = width_of(descriptor);
  return style;
}

// One character of UTF-8: how many bytes it takes and which it is. A stray byte counts as itself.
struct Character {
  std::size_t bytes = 1;
  std::uint32_t point = 0;
};

Character character_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (bytes == 1 || at + bytes > text.size()) return {1, lead};
  std::uint32_t point = lead & (0xFFu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i)
    point = point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
  return {bytes, point};
}

bool is_combining(std::uint32_t point) {
  return (point >= 0x300 && point <= 0x36F) || (point >= 0x200B && point <= 0x200F) ||
         (point >= 0xFE00 && point <= 0xFE0F);
}

// The wide blocks of Unicode's East Asian Width, coarsely: a column too many cuts a little early.
bool is_wide(std::uint32_t point) {
  return (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
         (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
         (point >= 0xFE30 && point <= 0xFE6F) || (point >= 0xFF00 && point <= 0xFF60) ||
         (point >= 0x1F300 && point <= 0x1FAFF) || (point >= 0x20000 && point <= 0x3FFFD);
}

std::size_t columns_of_point(std::uint32_t point) {
  if (is_combining(point)) return 0;
  return is_wide(point) ? 2 : 1;
}

const char* sequence_of(Tone tone) {
  switch (tone) {
    case Tone::strong:
      return "\x1b[1m";
    case Tone::dim:
      return "\x1b[2m";
    case Tone::good:
      return "\x1b[32m";
    case Tone::warning:
      return "\x1b[33m";
    case Tone::bad:
      return "\x1b[1;31m";
    case Tone::name:
      return "\x1b[36m";
    case Tone::plain:
      break;
  }
  return "";
}

}  // namespace

Style of_stdout(bool no_color) {
  return style_of(STDOUT_FILENO, no_color);
}
Style of_stderr(bool no_color) {
  return style_of(STDERR_FILENO, no_color);
}
bool interactive() {
  return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

std::string paint(const Style& style, Tone tone, std::string_view text) {
  if (!style.color || tone == Tone::plain) return std::string(text);
  std::string painted = sequence_of(tone);
  painted += text;
  return painted + "\x1b[0m";
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\x1b') {
      at = std::min(text.find('m', at), text.size() - 1) + 1;
      continue;
    }
    const Character character = character_at(text, at);
    columns += columns_of_point(character.point);
    at += character.bytes;
  }
  return columns;
}

std::string cut(std::string_view text, std::size_t width) {
  if (columns_of(text) <= width) return std::string(text);
  std::string kept;
  std::size_t columns = 1;  // the ellipsis
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    columns += columns_of_point(character.point);
    if (columns > width) break;
    kept += text.substr(at, character.bytes);
    at += character.bytes;
  }
  return width == 0 ? std::string{} : kept + "…";
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t word = std::min(text.find_first_not_of(' ', at), text.size());
    const std::size_t end = std::min(text.find(' ', word), text.size());
    if (!lines.back().empty() &&
        columns_of(lines.back()) + columns_of(text.substr(at, end - at)) > width)
      lines.emplace_back();
    else
      lines.back() += text.substr(at, word - at);
    lines.back() += text.substr(word, end - word);
    at = end;
  }
  return lines;
}

std::string harmless(std::string_view text, bool keep_lines) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    const bool c1 = c == 0xC2 && at + 1 < text.size() &&
                    static_cast<unsigned char>(text[at + 1]) < 0xA0;  // U+0080 to U+009F
    const bool kept_line_end = keep_lines && (c == '\n' || c == '\t');
    if (c1) ++at;
    clean += (c1 || c == 0x7F || (c < 0x20 && !kept_line_end)) ? ' ' : text[at];
  }
  return clean;
}

}  // namespace steward::terminal
