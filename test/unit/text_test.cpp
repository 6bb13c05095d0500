#include "runner/text.h"

#include <gtest/gtest.h>

namespace steward {
namespace {

using namespace std::string_literals;

// Where the check finds something wrong, given the text in pieces of this size; -1: nowhere.
long first_bad(std::string_view text, std::size_t piece) {
  Utf8Check check;
  for (std::size_t at = 0; at < text.size(); at += piece)
    if (!check.feed(text.substr(at, piece))) return static_cast<long>(check.bad());
  return check.finish() ? -1 : static_cast<long>(check.bad());
}

struct Utf8Case {
  std::string text;
  long bad;
};

TEST(Utf8Check, finds_the_first_bad_byte_in_pieces_of_any_size) {
  const std::string ascii = "SELECT 'plain text of some length';";
  const Utf8Case cases[] = {
      {"", -1},
      {ascii, -1},
      {"na\xC3\xAFve \xE2\x82\xAC \xF0\x9F\x98\x80", -1},
      {"\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF", -1},
      {ascii + "\0"s, 35},
      {ascii + "\xFF"s + ascii, 35},
      {"ab\x80", 2},            // a continuation without a beginning
      {"ab\xC3", 2},            // an end within a character
      {"ab\xC3 ", 2},           // a character broken off
      {"\xC0\x80", 0},          // overlong
      {"\xE0\x9F\xBF", 0},      // overlong
      {"\xED\xA0\x80", 0},      // a surrogate
      {"\xF0\x8F\xBF\xBF", 0},  // overlong
      {"\xF4\x90\x80\x80", 0},  // beyond U+10FFFF
      {"\xF5\x80\x80\x80", 0},
  };
  for (const Utf8Case& one : cases)
    for (std::size_t piece : {1U, 2U, 3U, 7U, 8U, 1000U})
      EXPECT_EQ(first_bad(one.text, piece), one.bad) << one.text << " in pieces of " << piece;
}

TEST(Sha256, agrees_with_the_published_vectors) {
  Sha256 digest;
  EXPECT_EQ(digest.hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  digest.update("a");
  digest.update("bc");
  EXPECT_EQ(digest.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  digest.update("abc");
  EXPECT_EQ(digest.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Split, trims_the_parts_and_keeps_empty_ones) {
  EXPECT_TRUE(split("  ", ',').empty());
  EXPECT_EQ(split(" a ,b", ','), (std::vector<std::string_view>{"a", "b"}));
  EXPECT_EQ(split("a,,b,", ','), (std::vector<std::string_view>{"a", "", "b", ""}));
}

TEST(Quoting, doubles_the_quote_and_nothing_else) {
  EXPECT_EQ(quote_literal("it's a \\ \"x\""), "'it''s a \\ \"x\"'");
  EXPECT_EQ(quote_identifier("a \"b\" 'c'"), "\"a \"\"b\"\" 'c'\"");
}

TEST(Printable, shows_any_bytes_as_one_line_of_utf8) {
  EXPECT_EQ(printable("a\tb\x01"
                      "c\r"),
            "a b c ");
  EXPECT_EQ(printable("a\xFF"s + "b\xE2\x82"s), "a\xEF\xBF\xBD"s + "b\xEF\xBF\xBD\xEF\xBF\xBD"s);
  EXPECT_EQ(printable("a\0b"s), "a\xEF\xBF\xBD"s + "b"s);
  EXPECT_EQ(printable("\xE2\x82\xAC"), "\xE2\x82\xAC");
}

TEST(Printable, cuts_a_long_line_at_a_character) {
  EXPECT_EQ(printable("abcdef", 3), "abc...");
  EXPECT_EQ(printable("\xE2\x82\xAC\xE2\x82\xAC", 3), "\xE2\x82\xAC...");
  EXPECT_EQ(printable("abc", 3), "abc");
}

TEST(CountCharacters, counts_no_bytes) {
  EXPECT_EQ(count_characters("\xE2\x82\xAC-\xC3\xA9"), 3U);
}

TEST(UtcNow, is_iso_8601) {
  std::string now = utc_now();
  ASSERT_EQ(now.size(), 20U);
  EXPECT_EQ(now[10], 'T');
  EXPECT_EQ(now[19], 'Z');
}

}  // namespace
}  // namespace steward
