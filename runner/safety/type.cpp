#include "runner/safety/type.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "runner/parser.h"
#include "runner/safety/tree.h"

namespace steward::safety {
namespace {

// What the grammar calls by the standard's name, it already names as the server does (integer:
// int4); these are what is left.
std::string plain_name(const std::string& name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> aliases{
      {{"serial", "int4"},
       {"serial4", "int4"},
       {"bigserial", "int8"},
       {"serial8", "int8"},
       {"smallserial", "int2"},
       {"serial2", "int2"}}};
  for (const auto& [alias, plain] : aliases)
    if (name == alias) return std::string(plain);
  return name;
}

std::optional<int> number_in(const Json& modifier) {
  const Json& constant = member(modifier, "A_Const");
  const Json& value = member(constant, "ival");
  if (!value.is_object() || constant.empty()) return std::nullopt;
  return value.value("ival", 0);
}

int modifier(const Type& type, std::size_t index, int otherwise) {
  return index < type.modifiers.size() ? type.modifiers[index] : otherwise;
}

constexpr int unlimited = 1 << 30;

bool is_character(const Type& type) {
  return type.name == "varchar" || type.name == "text";
}

Change between_texts(const Type& from, const Type& to) {
  const int before = from.name == "text" ? unlimited : modifier(from, 0, unlimited);
  const int after = to.name == "text" ? unlimited : modifier(to, 0, unlimited);
  return after < before ? Change::narrows : Change::free;
}

Change between_numerics(const Type& from, const Type& to) {
  if (to.modifiers.empty()) return Change::free;
  if (from.modifiers.empty()) return Change::narrows;
  const int scale = modifier(from, 1, 0), new_scale = modifier(to, 1, 0);
  const int precision = modifier(from, 0, 0), new_precision = modifier(to, 0, 0);
  if (scale == new_scale && new_precision >= precision) return Change::free;
  return new_scale < scale || new_precision - new_scale < precision - scale ? Change::narrows
                                                                            : Change::rewrites;
}

// time, timetz, timestamp, timestamptz, interval: the fraction's digits, six when none are given.
Change between_precisions(const Type& from, const Type& to) {
  return modifier(to, 0, 6) >= modifier(from, 0, 6) ? Change::free : Change::narrows;
}

bool is_time(const Type& type) {
  static constexpr std::array<std::string_view, 5> names{"time", "timetz", "timestamp",
                                                         "timestamptz", "interval"};
  return contains(names, type.name);
}

// How wide a whole number is; 0: it is none.
int width_of_integer(const Type& type) {
  static constexpr std::array<std::string_view, 3> names{"int2", "int4", "int8"};
  const auto found = std::find(names.begin(), names.end(), type.name);
  return found == names.end() ? 0 : static_cast<int>(found - names.begin()) + 1;
}

Change between_names(const Type& from, const Type& to, bool utc) {
  const std::pair<std::string_view, std::string_view> names{from.name, to.name};
  if (names == std::pair<std::string_view, std::string_view>{"cidr", "inet"}) return Change::free;
  const bool stamps = from.name.starts_with("timestamp") && to.name.starts_with("timestamp");
  if (stamps && utc) return between_precisions(from, to);
  if (is_character(from) && to.name == "citext") return Change::reindex;
  if (from.name == "citext" && is_character(to) && to.modifiers.empty()) return Change::reindex;
  if (width_of_integer(from) > 0 && width_of_integer(to) > 0)
    return width_of_integer(to) < width_of_integer(from) ? Change::narrows : Change::rewrites;
  return Change::rewrites;
}

}  // namespace

Type type_in(const Json& type_name) {
  Type type;
  for (const Json& part : list(type_name, "names")) {
    const std::string name = word(member(part, "String"), "sval");
    if (name == "pg_catalog" || name == "public") continue;
    type.name += (type.name.empty() ? "" : ".") + name;
  }
  type.name = plain_name(type.name);
  for (const Json& item : list(type_name, "typmods"))
    if (const std::optional<int> number = number_in(item)) type.modifiers.push_back(*number);
  // interval's first modifier says which fields; a bare char is char(1).
  if (type.name == "interval" && type.modifiers.size() > 1)
    type.modifiers.erase(type.modifiers.begin());
  type.array = !list(type_name, "arrayBounds").empty();
  return type;
}

Type type_written(const std::string& text) {
  const std::optional<Json> tree = parser::parse("SELECT NULL::" + text);
  if (!tree) return {};
  const Json& targets = list(content(*tree), "targetList");
  if (targets.empty()) return {};
  return type_in(member(content(member(content(targets[0]), "val")), "typeName"));
}

std::string written(const Type& type) {
  std::string text = type.name;
  for (std::size_t i = 0; i < type.modifiers.size(); ++i)
    text += (i == 0 ? "(" : ",") + std::to_string(type.modifiers[i]);
  return text + (type.modifiers.empty() ? "" : ")") + (type.array ? "[]" : "");
}

Change change_between(const Type& from, const Type& to, bool utc) {
  if (!from.known() || !to.known()) return Change::unknown;
  if (from == to) return Change::free;
  if (from.array || to.array) return Change::rewrites;
  if (is_character(from) && is_character(to)) return between_texts(from, to);
  if (from.name != to.name) return between_names(from, to, utc);
  if (from.name == "numeric") return between_numerics(from, to);
  if (is_time(from)) return between_precisions(from, to);
  return modifier(to, 0, 0) < modifier(from, 0, 0) ? Change::narrows : Change::rewrites;
}

}  // namespace steward::safety
