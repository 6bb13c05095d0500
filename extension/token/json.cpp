#include "extension/token/json.h"

#include <algorithm>
#include <cstdint>

#include "extension/token/refused.h"

namespace steward::token {
namespace {

constexpr int deepest = 16;

[[noreturn]] void malformed() {
  throw Refused("malformed JSON");
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  malformed();
}

void append_utf8(std::string& to, std::uint32_t code) {
  auto put = [&](std::uint32_t byte) { to += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 63));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 63));
    put(0x80 | (code & 63));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 63));
    put(0x80 | (code >> 6 & 63));
    put(0x80 | (code & 63));
  }
}

// Walks over the text once. Where a value is not wanted, it is checked all the same.
class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : text_(text) {}

  // visit(name, value) for each member, in order.
  template <class Visit>
  void object(Visit visit) {
    if (++depth_ > deepest) malformed();
    std::vector<std::string> seen;
    expect('{');
    if (!take('}')) {
      do {
        std::string name = string_token();
        if (std::find(seen.begin(), seen.end(), name) != seen.end())
          throw Refused("a name that is given twice");
        expect(':');
        Value read = value();
        seen.push_back(name);
        visit(std::move(name), std::move(read));
      } while (take(','));
      expect('}');
    }
    --depth_;
  }

  // The rest of it, as the inside of a string.
  void characters() {
    std::string ignored;
    while (at_ < text_.size())
      if (char c = next(); static_cast<unsigned char>(c) >= 0x80)
        several_bytes(ignored, static_cast<unsigned char>(c));
  }

  void end() {
    blanks();
    if (at_ != text_.size()) malformed();
  }

 private:
  void blanks() noexcept {
    while (at_ < text_.size() && std::string_view(" \t\n\r").find(text_[at_]) != text_.npos) ++at_;
  }
  char peek() noexcept {
    blanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char wanted) noexcept {
    if (peek() != wanted || at_ == text_.size()) return false;
    ++at_;
    return true;
  }
  void expect(char wanted) {
    if (!take(wanted)) malformed();
  }
  char next() {
    if (at_ == text_.size()) malformed();
    return text_[at_++];
  }

  Value value() {
    switch (peek()) {
      case '"':
        return {Value::Kind::string, string_token(), {}};
      case '{':
        object([](std::string&&, Value&&) {});
        return {};
      case '[':
        return array();
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return {Value::Kind::number, number(), {}};
    }
  }

  Value array() {
    if (++depth_ > deepest) malformed();
    Value all{Value::Kind::strings, {}, {}};
    expect('[');
    if (!take(']')) {
      do {
        Value one = value();
        if (one.kind != Value::Kind::string) all.kind = Value::Kind::other;
        all.strings.push_back(std::move(one.text));
      } while (take(','));
      expect(']');
    }
    --depth_;
    return all;
  }

  Value word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) malformed();
    at_ += expected.size();
    return {};
  }

  bool digits() noexcept {
    std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ > from;
  }
  bool skip(std::string_view any) noexcept {
    bool there = at_ < text_.size() && any.find(text_[at_]) != any.npos;
    at_ += there;
    return there;
  }

  std::string number() {
    std::size_t from = at_;
    skip("-");
    std::size_t integer = at_;
    if (!digits() || (text_[integer] == '0' && at_ > integer + 1)) malformed();
    if (skip(".") && !digits()) malformed();
    if (skip("eE")) {
      skip("+-");
      if (!digits()) malformed();
    }
    return std::string(text_.substr(from, at_ - from));
  }

  std::string string_token() {
    expect('"');
    std::string out;
    for (;;) {
      char c = next();
      if (c == '"') return out;
      if (static_cast<unsigned char>(c) < 0x20) malformed();
      if (c == '\\')
        escape(out);
      else if (static_cast<unsigned char>(c) < 0x80)
        out += c;
      else
        several_bytes(out, static_cast<unsigned char>(c));
    }
  }

  std::uint32_t four_digits() {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i) code = code << 4 | static_cast<std::uint32_t>(hex_digit(next()));
    return code;
  }

  void escape(std::string& out) {
    static constexpr std::string_view letters = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
    char c = next();
    if (std::size_t which = letters.find(c); which != letters.npos) {
      out += meant[which];
      return;
    }
    if (c != 'u') malformed();
    std::uint32_t code = four_digits();
    if (code >= 0xD800 && code < 0xDC00) {
      if (next() != '\\' || next() != 'u') malformed();
      std::uint32_t low = four_digits();
      if (low < 0xDC00 || low > 0xDFFF) malformed();
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    } else if (code == 0 || (code >= 0xDC00 && code <= 0xDFFF)) {
      malformed();
    }
    append_utf8(out, code);
  }

  // A character of two to four bytes; what it decodes to, encoded again, must be the same bytes.
  void several_bytes(std::string& out, unsigned char first) {
    int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
    if (more == 0 || first > 0xF4) malformed();
    std::size_t from = at_ - 1;
    std::uint32_t code = first & (0x3FU >> more);
    for (int i = 0; i < more; ++i) {
      auto byte = static_cast<unsigned char>(next());
      if ((byte & 0xC0) != 0x80) malformed();
      code = code << 6 | (byte & 63U);
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) malformed();
    std::string shortest;
    append_utf8(shortest, code);
    if (shortest != text_.substr(from, at_ - from)) malformed();
    out += shortest;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Object::Object(std::string_view json) {
  Reader reader(json);
  reader.object([this](std::string&& name, Value&& value) {
    members_.push_back({std::move(name), std::move(value)});
  });
  reader.end();
}

bool is_utf8(std::string_view text) noexcept {
  try {
    Reader(text).characters();
    return true;
  } catch (const Refused&) {
    return false;
  }
}

const Value* Object::find(std::string_view name) const noexcept {
  for (const Member& member : members_)
    if (member.name == name) return &member.value;
  return nullptr;
}

}  // namespace steward::token
