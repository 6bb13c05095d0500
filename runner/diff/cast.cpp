#include "runner/diff/cast.h"

#include <algorithm>
#include <initializer_list>
#include <vector>

#include "runner/text.h"

namespace steward::diff {

bool is_array(const std::string& type) {
  return type.ends_with("[]");
}

std::string bare_type(std::string type) {
  while (type.ends_with("[]")) type.resize(type.size() - 2);
  const std::size_t open = type.find('(');
  if (open == type.npos) return type;
  const std::size_t close = type.find(')', open);
  return type.substr(0, open) + (close == type.npos ? "" : type.substr(close + 1));
}

namespace {

bool is_string(const std::string& type) {
  return type == "text" || type == "character varying" || type == "character" || type == "name" ||
         type.ends_with(".citext") || type == "citext";
}

// "numeric(10,2)" -> {10, 2}; of "timestamp(3) with time zone" {3}.
std::vector<int> modifiers_of(const std::string& type) {
  std::vector<int> numbers;
  const std::size_t open = type.find('('), close = type.find(')');
  if (open == type.npos || close == type.npos) return numbers;
  for (const std::string_view number : split(type.substr(open + 1, close - open - 1), ','))
    if (number.find_first_not_of("-0123456789") == number.npos)
      numbers.push_back(std::stoi(std::string(number)));
  return numbers;
}

bool is_one_of(const std::string& type, std::initializer_list<std::string_view> types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

bool is_integer(const std::string& type) {
  return is_one_of(type, {"smallint", "integer", "bigint"});
}

// Digits behind the point; a great many where nothing limits them.
int scale_of(const std::string& type) {
  constexpr int unlimited = 16383;
  const std::string name = bare_type(type);
  if (is_integer(name)) return 0;
  const std::vector<int> numbers = modifiers_of(type);
  if (numbers.empty()) return unlimited;
  return numbers.size() > 1 ? numbers[1] : 0;
}

bool is_moment(const std::string& type) {
  return is_one_of(type, {"timestamp without time zone", "timestamp with time zone",
                          "time without time zone", "time with time zone", "interval"});
}

std::string lost_in_numbers(const std::string& from, const std::string& to) {
  const std::string a = bare_type(from), b = bare_type(to);
  const bool from_float = is_one_of(a, {"real", "double precision"});
  if (is_integer(b)) return is_integer(a) ? "" : "rounds values to whole numbers";
  if (b == "numeric") {
    if (from_float) return modifiers_of(to).empty() ? "" : "rounds values";
    return scale_of(to) < scale_of(from) ? "rounds values" : "";
  }
  const bool exact = a == "smallint" || (a == "integer" && b == "double precision") ||
                     (from_float && (a == b || b == "double precision"));
  return exact ? "" : "keeps only the first digits of values";
}

// A domain casts as what it stands on.
std::string beneath_domains(std::string shown, const snapshot::Snapshot& known) {
  bool array = is_array(shown);
  while (const snapshot::Fact* domain = known.find("domain " + bare_type(shown))) {
    shown = domain->text("type");
    array = array || is_array(shown);
  }
  return bare_type(shown) + (array ? "[]" : "");
}

bool is_number(const std::string& type) {
  return is_integer(type) || is_one_of(type, {"numeric", "real", "double precision"});
}

}  // namespace

std::string lost_between(const std::string& from, const std::string& to) {
  const std::string a = bare_type(from), b = bare_type(to);
  if (is_number(a) && is_number(b)) return lost_in_numbers(from, to);
  if (is_number(a) && b == "boolean") return "makes true of every number but 0";
  if (a.starts_with("timestamp") && b == "date") return "cuts the time of day off";
  if (a.starts_with("timestamp") && b.starts_with("time ")) return "cuts the date off";
  if (a == "interval" && b.starts_with("time ")) return "cuts the days off";
  const std::vector<int> before = modifiers_of(from), after = modifiers_of(to);
  if (is_moment(a) && is_moment(b) && !after.empty() && (before.empty() || after[0] < before[0]))
    return "rounds fractions of a second";
  // An explicit cast cuts silently; one string to another is assigned, which refuses.
  if (!is_string(a) && is_string(b) && !after.empty()) return "cuts values that are too long";
  return {};
}

bool castable(const snapshot::Fact& from, const snapshot::Fact& to,
              const snapshot::Snapshot& known) {
  const std::string old_shown = beneath_domains(from.text("type"), known),
                    new_shown = beneath_domains(to.text("type"), known);
  const std::string old_type = bare_type(old_shown), new_type = bare_type(new_shown);
  if (is_array(old_shown) != is_array(new_shown))
    return is_string(old_type) && !is_array(old_shown)
               ? true
               : is_string(new_type) && !is_array(new_shown);
  if (old_type == new_type || is_string(old_type) || is_string(new_type)) return true;
  return (from.flag("enum") && to.flag("enum")) || known.casts.contains({old_type, new_type});
}

bool assignable(const std::string& from, const std::string& to) {
  static const auto family = [](const std::string& type) {
    if (type == "smallint" || type == "integer" || type == "bigint" || type == "numeric" ||
        type == "real" || type == "double precision")
      return 1;
    if (type == "text" || type == "character varying" || type == "character") return 2;
    return 0;
  };
  const std::string a = bare_type(from), b = bare_type(to);
  return is_array(from) == is_array(to) && (a == b || (family(a) != 0 && family(a) == family(b)));
}

}  // namespace steward::diff
