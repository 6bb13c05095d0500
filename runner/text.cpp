#include "runner/text.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>

#include "runner/error.h"

namespace steward {
namespace {

constexpr std::uint64_t ones = 0x0101010101010101U;
constexpr std::uint64_t tops = 0x8080808080808080U;

// Whether all eight bytes are ASCII and none is NUL.
bool plain(const char* eight) {
  std::uint64_t word;
  std::memcpy(&word, eight, sizeof word);
  return ((word | (word - ones)) & tops) == 0;
}

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Fetched once: asking for it by name at each use costs more than hashing a small file.
const EVP_MD* sha256() {
  static const EVP_MD* const digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return digest;
}

EVP_MD_CTX* digest_context(void* context) {
  return static_cast<EVP_MD_CTX*>(context);
}

void begin(EVP_MD_CTX* context) {
  if (!sha256() || !context || EVP_DigestInit_ex(context, sha256(), nullptr) != 1)
    throw Error(Exit::unexpected, "no_sha256", "the cryptographic library offers no SHA-256");
}

std::string quoted(std::string_view text, char quote) {
  std::string result;
  result.reserve(text.size() + 2);
  result += quote;
  for (char c : text) {
    if (c == quote) result += quote;
    result += c;
  }
  result += quote;
  return result;
}

}  // namespace

bool Utf8Check::feed(std::string_view piece) {
  const char* at = piece.data();
  const char* const end = at + piece.size();
  for (;;) {
    while (pending_ == 0 && end - at >= 8 && plain(at)) at += 8;
    if (at == end) break;
    if (pending_ == 0) character_ = passed_ + static_cast<std::uint64_t>(at - piece.data());
    if (!step(static_cast<unsigned char>(*at++))) return false;
  }
  passed_ += piece.size();
  return true;
}

bool Utf8Check::step(unsigned char byte) {
  if (pending_ > 0) {
    if (byte < low_ || byte > high_) return false;
    low_ = 0x80;
    high_ = 0xBF;
    --pending_;
    return true;
  }
  nul_ = byte == 0;
  if (byte < 0x80) return !nul_;
  if (byte < 0xC2 || byte > 0xF4) return false;
  pending_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
  // The second byte's bounds keep out overlong forms, surrogates and what is beyond U+10FFFF.
  if (byte == 0xE0) low_ = 0xA0;
  if (byte == 0xED) high_ = 0x9F;
  if (byte == 0xF0) low_ = 0x90;
  if (byte == 0xF4) high_ = 0x8F;
  return true;
}

void Sha256::Free::operator()(void* context) const {
  EVP_MD_CTX_free(digest_context(context));
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  begin(digest_context(context_.get()));
}

void Sha256::update(std::string_view piece) {
  EVP_DigestUpdate(digest_context(context_.get()), piece.data(), piece.size());
}

std::string Sha256::hex() {
  std::array<unsigned char, 32> digest;
  EVP_DigestFinal_ex(digest_context(context_.get()), digest.data(), nullptr);
  begin(digest_context(context_.get()));
  return steward::hex(digest.data(), digest.size());
}

std::string hex(const unsigned char* bytes, std::size_t size) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text(size * 2, '0');
  for (std::size_t i = 0; i < size; ++i) {
    text[2 * i] = digits[bytes[i] >> 4];
    text[2 * i + 1] = digits[bytes[i] & 15];
  }
  return text;
}

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  if (trim(text).empty()) return parts;
  for (;;) {
    std::size_t end = text.find(separator);
    parts.push_back(trim(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::uint64_t count_line_ends(std::string_view text) {
  std::uint64_t count = 0;
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
    ++count;
  return count;
}

std::string quote_literal(std::string_view text) {
  return quoted(text, '\'');
}

std::string quote_identifier(std::string_view text) {
  return quoted(text, '"');
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string result;
  while (!text.empty() && result.size() < limit) {
    std::size_t size = 1;
    while (size < text.size() && size < 4 && continues_character(text[size])) ++size;
    Utf8Check check;
    bool good = check.feed(text.substr(0, size)) && check.finish();
    if (!good) {
      result += "\xEF\xBF\xBD";
      size = 1;
    } else if (size == 1 && (static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7F)) {
      result += ' ';
    } else {
      result += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  if (!text.empty()) result += "...";
  return result;
}

std::string in_quotes(std::string_view text) {
  return '"' + printable(text, 60) + '"';
}

std::uint64_t count_characters(std::string_view text) {
  return static_cast<std::uint64_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues_character(c); }));
}

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

std::string counted(std::size_t number, const std::string& noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string utc_now() {
  std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), size};
}

}  // namespace steward
