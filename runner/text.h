// Text: what the runner needs to know of bytes, characters and SQL's quoting. Pure, apart from the
// clock; knows no file and no connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace steward {

// Checks text that comes piece by piece: is it UTF-8 as RFC 3629 has it (and as the server takes
// it: no surrogates, no overlong forms), and without NUL, which no text of PostgreSQL can hold.
class Utf8Check {
 public:
  // The next piece. False: it holds something wrong, in the character at byte bad() of the text.
  bool feed(std::string_view piece);
  // No more comes. False: the text ends within a character.
  bool finish() const { return pending_ == 0; }
  std::uint64_t bad() const { return character_; }
  bool nul() const { return nul_; }  // what is wrong is a NUL

 private:
  bool step(unsigned char byte);

  std::uint64_t passed_ = 0;
  std::uint64_t character_ = 0;  // where the one that was looked at last begins
  int pending_ = 0;              // continuation bytes still to come
  unsigned char low_ = 0x80;
  unsigned char high_ = 0xBF;
  bool nul_ = false;
};

// SHA-256 over text that comes piece by piece. Throws Error(Exit::unexpected) when the library
// offers none.
class Sha256 {
 public:
  Sha256();
  void update(std::string_view piece);
  // Lower-case hex of all that was given; the next update() begins another.
  std::string hex();

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;
};

std::string hex(const unsigned char* bytes, std::size_t size);  // lower case

// Space, tab, line ends, form feed, vertical tab: what PostgreSQL's scanner takes for white space.
bool is_space(char c);
std::string_view trim(std::string_view text);
// The parts between separators, trimmed; an empty text has none, "a,,b" has an empty one.
std::vector<std::string_view> split(std::string_view text, char separator);
std::string lower(std::string_view text);  // ASCII letters only
std::uint64_t count_line_ends(std::string_view text);

// As a literal and as an identifier of a server with standard_conforming_strings on.
std::string quote_literal(std::string_view text);
std::string quote_identifier(std::string_view text);

// What can be shown to a person, in one line: control characters become spaces, bytes that are not
// UTF-8 become U+FFFD; cut to about `limit` bytes, at a character.
std::string printable(std::string_view text, std::size_t limit = 200);
// The same in double quotes, short, for a message.
std::string in_quotes(std::string_view text);
// Characters, not bytes, of a piece of UTF-8 text.
std::uint64_t count_characters(std::string_view text);

// "a, b, c"
std::string joined(const std::vector<std::string>& words, std::string_view separator = ", ");
// "1 revision", "3 revisions"
std::string counted(std::size_t number, const std::string& noun);

// 2026-11-20T10:00:00Z
std::string utc_now();

}  // namespace steward
