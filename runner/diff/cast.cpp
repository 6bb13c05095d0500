#include "runner/diff/cast.h"

#include <algorithm>
#include <initializer_list>
#include <vector>

#include "runner/text.h"

namespace steward::diff {
namespace {

// "character varying(20)[]" -> "character varying": without modifiers and brackets.
std::string bare(std::string type) {
  while (type.ends_with("[]")) type.resize(type.size() - 2);
  const std::size_t open = type.find('(');
  if (open == type.npos) return type;
  const std::size_t close = type.find(')', open);
  return type.substr(0, open) + (close == type.npos ? "" : type.substr(close + 1));
}

bool is_string(const std::string& type) {
  return type == "text" || type == "character varying" || type == "character" || type == "name" ||
         type == "\"char\"" || type.ends_with(".citext") || type == "citext";
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
  const std::string name = bare(type);
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
  const std::string a = bare(from), b = bare(to);
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

bool is_number(const std::string& type) {
  return is_integer(type) || is_one_of(type, {"numeric", "real", "double precision"});
}

}  // namespace

std::string lost_between(const std::string& from, const std::string& to) {
  const std::string a = bare(from), b = bare(to);
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

bool is_array(const std::string& type) {
  return type.ends_with("[]");
}

bool castable(const snapshot::Fact& from, const snapshot::Fact& to,
              const snapshot::Snapshot& known) {
  const std::string old_type = bare(from.text("type")), new_type = bare(to.text("type"));
  if (is_array(from.text("type")) != is_array(to.text("type")))
    return is_string(old_type) && !is_array(from.text("type"))
               ? true
               : is_string(new_type) && !is_array(to.text("type"));
  if (old_type == new_type || is_string(old_type) || is_string(new_type)) return true;
  if (from.flag("enum") && to.flag("enum")) return true;
  if (known.casts.contains({old_type, new_type})) return true;
  // What has a schema is a user's type: a domain casts to what it stands on, which is not known
  // here.
  const bool users = old_type.find('.') != old_type.npos || new_type.find('.') != new_type.npos;
  return users && !from.flag("enum") && !to.flag("enum");
}

bool assignable(const std::string& from, const std::string& to) {
  static const auto family = [](const std::string& type) {
    if (type == "smallint" || type == "integer" || type == "bigint" || type == "numeric" ||
        type == "real" || type == "double precision")
      return 1;
    if (type == "text" || type == "character varying" || type == "character") return 2;
    return 0;
  };
  const std::string a = bare(from), b = bare(to);
  return is_array(from) == is_array(to) && (a == b || (family(a) != 0 && family(a) == family(b)));
}

}  // namespace steward::diff
