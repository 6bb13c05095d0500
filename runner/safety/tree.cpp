#include "runner/safety/tree.h"

#include "runner/text.h"

namespace steward::safety {
namespace {

const Json nothing = Json::object();

std::string text_of(const Json& word) {
  const Json& inner = word.contains("String") ? word["String"] : nothing;
  return inner.value("sval", inner.value("str", std::string{}));
}

}  // namespace

const Json& content(const Json& node) {
  return node.is_object() && node.size() == 1 && node.begin()->is_object() ? *node.begin()
                                                                           : nothing;
}

const Json& member(const Json& node, const char* key) {
  const auto found = node.find(key);
  return found != node.end() ? *found : nothing;
}

const Json& list(const Json& node, const char* key) {
  static const Json empty = Json::array();
  const auto found = node.find(key);
  return found != node.end() && found->is_array() ? *found : empty;
}

bool flag(const Json& node, const char* key) {
  const auto found = node.find(key);
  return found != node.end() && found->is_boolean() && found->get<bool>();
}

std::string word(const Json& node, const char* key) {
  const auto found = node.find(key);
  return found != node.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::string name_in(const Json& range) {
  const std::string schema = word(range, "schemaname");
  return (schema.empty() ? "" : schema + ".") + word(range, "relname");
}

std::string name_of_list(const Json& object, std::size_t omitted) {
  const Json& words = list(content(object), "items");
  std::string name;
  for (std::size_t i = 0; i + omitted < words.size(); ++i)
    name += (name.empty() ? "" : ".") + text_of(words[i]);
  return name;
}

bool is_stored(const Json& column) {
  const Json& constraints = list(column, "constraints");
  return std::any_of(constraints.begin(), constraints.end(), [](const Json& item) {
    return word(content(item), "contype") == "CONSTR_GENERATED" &&
           word(content(item), "generated_kind") != "v";
  });
}

bool has_constraint(const Json& column, std::string_view contype) {
  const Json& constraints = list(column, "constraints");
  return std::any_of(constraints.begin(), constraints.end(),
                     [&](const Json& item) { return word(content(item), "contype") == contype; });
}

const Json& default_of(const Json& column) {
  for (const Json& item : list(column, "constraints"))
    if (word(content(item), "contype") == "CONSTR_DEFAULT")
      return member(content(item), "raw_expr");
  return nothing;
}

bool names_serial(std::string_view type) {
  static constexpr std::array<std::string_view, 6> serials{"serial",  "serial4",     "bigserial",
                                                           "serial8", "smallserial", "serial2"};
  return contains(serials, type);
}

bool has_option(const Json& node, std::string_view name) {
  for (const char* key : {"params", "options"})
    for (const Json& option : list(node, key))
      if (lower(word(content(option), "defname")) == name && !option_is_off(node, name))
        return true;
  return false;
}

bool option_is_off(const Json& node, std::string_view name) {
  for (const char* key : {"params", "options"})
    for (const Json& option : list(node, key)) {
      const Json& element = content(option);
      if (lower(word(element, "defname")) != name || !element.contains("arg")) continue;
      const std::string value = lower(text_of(element["arg"]));
      const Json& arg = element["arg"];
      const bool zero = (arg.contains("Integer") && arg["Integer"].value("ival", 0) == 0) ||
                        (arg.contains("Boolean") && !flag(arg["Boolean"], "boolval"));
      if (zero || value == "false" || value == "off" || value == "0" || value == "no") return true;
    }
  return false;
}

}  // namespace steward::safety
