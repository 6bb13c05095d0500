#include "runner/ship/message.h"

#include <algorithm>
#include <charconv>

#include "runner/sql.h"

namespace steward::ship {
namespace {

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// The byte at which a character (from 1) of UTF-8 text begins.
std::size_t byte_of(std::string_view text, long position) {
  std::size_t at = 0;
  for (long character = 1; character < position && at < text.size(); ++character) do
      ++at;
    while (at < text.size() && continues_character(text[at]));
  return at;
}

std::string line_around(std::string_view text, std::size_t at) {
  std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return std::string(text.substr(begin, text.find('\n', at) - begin));
}

std::uint64_t characters(std::string_view text) {
  return static_cast<std::uint64_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues_character(c); }));
}

// The number of the statement that holds this byte of a section's text.
int statement_at(std::string_view text, std::size_t at) {
  std::size_t given = 0;
  sql::Splitter splitter(
      [&](char* buffer, std::size_t size) {
        std::size_t count = text.copy(buffer, size, given);
        given += count;
        return count;
      },
      "");
  sql::Statement statement;
  std::size_t passed = 0;
  int number = 0;
  while (splitter.next(statement)) {
    passed += statement.text.size();
    if (statement.number) number = statement.number;
    if (passed > at || statement.copy_in) break;
  }
  return std::max(number, 1);
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() && end != text.data();
}

}  // namespace

void Message::add_section(std::size_t step, const revision::File& file, std::string_view text,
                          std::uint64_t line) {
  parts_.push_back({step, file.path.string(), line, text_.size(), text_.size() + text.size()});
  text_ += text;
}

const Message::Part* Message::part_at(std::size_t offset) const {
  auto found = std::find_if(parts_.begin(), parts_.end(), [&](const Part& part) {
    return part.begin <= offset && offset <= part.end;
  });
  return found == parts_.end() ? nullptr : &*found;
}

std::optional<std::size_t> Message::step_at(long position) const {
  const Part* part = position > 0 ? part_at(byte_of(text_, position)) : nullptr;
  if (!part) return std::nullopt;
  return part->step;
}

std::optional<Place> Message::locate(long position, int first_statement) const {
  std::size_t at = position > 0 ? byte_of(text_, position) : 0;
  const Part* part = position > 0 ? part_at(at) : nullptr;
  if (!part) return std::nullopt;
  std::string_view section = std::string_view(text_).substr(part->begin, part->end - part->begin);
  std::string_view before = section.substr(0, at - part->begin);
  std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  Place place;
  place.file = part->file;
  place.line =
      part->line + static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n'));
  place.column = characters(before.substr(line_begin)) + 1;
  place.excerpt = sql::without_passwords(line_around(section, at - part->begin));
  if (first_statement > 0)
    place.statement = first_statement - 1 + statement_at(section, at - part->begin);
  return place;
}

std::string Message::line_of(const std::string& file, std::uint64_t line) const {
  for (const Part& part : parts_) {
    if (part.file != file || line < part.line) continue;
    std::size_t at = part.begin;
    for (std::uint64_t current = part.line; current < line && at < part.end; ++current) {
      std::size_t end = text_.find('\n', at);
      at = end == std::string::npos ? part.end : end + 1;
    }
    if (at < part.end) return sql::without_passwords(line_around(text_, at));
  }
  return "";
}

std::optional<Place> place_in_context(std::string_view context) {
  static constexpr std::string_view middle = ", statement ";
  std::size_t line_begin = context.rfind("\nrevision ");
  std::string_view line = context.substr(line_begin == std::string_view::npos ? 0 : line_begin + 1);
  line = line.substr(0, line.find('\n'));
  std::size_t number = line.find(middle), colon = line.rfind(':');
  if (!line.starts_with("revision ") || number == std::string_view::npos ||
      colon == std::string_view::npos)
    return std::nullopt;
  Place place;
  std::string_view rest = line.substr(number + middle.size());
  std::size_t comma = rest.find(", ");
  if (comma == std::string_view::npos || !read_number(rest, place.statement) ||
      !read_number(line.substr(colon + 1), place.line))
    return std::nullopt;
  std::size_t file = number + middle.size() + comma + 2;
  if (file > colon) return std::nullopt;
  place.file = std::string(line.substr(file, colon - file));
  return place;
}

}  // namespace steward::ship
