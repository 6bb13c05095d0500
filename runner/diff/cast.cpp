#include "runner/diff/cast.h"

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

}  // namespace

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
