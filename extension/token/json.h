// JSON as a token needs it: one object, read strictly (RFC 8259). A name given twice, at any depth,
// is refused: readers differ in which of the two they take. So are invalid UTF-8, NUL, lone
// surrogates, anything after the object, and nesting beyond 16.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace steward::token {

struct Value {
  enum class Kind { string, number, strings, other };
  Kind kind = Kind::other;
  std::string text;                  // of a string, unescaped; of a number, as written
  std::vector<std::string> strings;  // of an array of nothing but strings
};

class Object {
 public:
  // Throws Refused.
  explicit Object(std::string_view json);
  // Null when there is no member of this name.
  const Value* find(std::string_view name) const noexcept;

 private:
  struct Member {
    std::string name;
    Value value;
  };
  std::vector<Member> members_;
};

bool is_utf8(std::string_view text) noexcept;

}  // namespace steward::token
