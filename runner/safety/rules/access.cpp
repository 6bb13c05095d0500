// Rules about privileges.
#include <algorithm>

#include "runner/safety/rule.h"

namespace steward::safety {
namespace {

bool grants_to_everybody(const Scene& scene) {
  if (!scene.is(What::grant) || !flag(scene.node(), "is_grant")) return false;
  for (const Json& grantee : list(scene.node(), "grantees"))
    if (word(content(grantee), "roletype") == "ROLESPEC_PUBLIC") return true;
  return false;
}

// The attributes of a role that no row security or privilege binds.
const char* attribute_of(const Scene& scene) {
  for (const char* name : {"superuser", "bypassrls", "isreplication", "createrole"})
    for (const Json& option : list(scene.node(), "options"))
      if (word(content(option), "defname") == name &&
          flag(member(member(content(option), "arg"), "Boolean"), "boolval"))
        return name;
  return nullptr;
}

Verdict widening(const Scene& scene) {
  if (grants_to_everybody(scene))
    return Found{"", "a privilege is granted to PUBLIC, which is every role, also those to come",
                 "grant it to the roles that need it", ""};
  const char* attribute = scene.is(What::role) ? attribute_of(scene) : nullptr;
  if (attribute == nullptr) return {};
  return Found{"", std::string("a role gets the attribute ") + attribute,
               "roles are made by whoever runs the server, not by a revision", ""};
}

Verdict definer(const Scene& scene) {
  if (!scene.is(What::create_function)) return {};
  bool definer = false, path = false;
  for (const Json& item : list(scene.node(), "options")) {
    const Json& option = content(item);
    const std::string name = word(option, "defname");
    if (name == "security") definer = flag(member(member(option, "arg"), "Boolean"), "boolval");
    if (name == "set")
      path =
          path || word(member(member(option, "arg"), "VariableSetStmt"), "name") == "search_path";
  }
  if (!definer || path) return {};
  return Found{
      scene.action.object,
      "SECURITY DEFINER without a search_path of its own: who calls it chooses which "
      "objects its names mean",
      "set the search_path on the function, pg_temp last",
      "ALTER FUNCTION " + quoted(scene.action.object) + " SET search_path = pg_catalog, pg_temp;"};
}

constexpr Rule rules[] = {
    {"superuser-or-grant-widening", Severity::warning, true, false,
     "a privilege for everybody, or a role above all privileges", &widening},
    {"create-security-definer", Severity::error, true, false,
     "SECURITY DEFINER without a search_path", &definer},
};

}  // namespace

std::span<const Rule> access_rules() {
  return rules;
}

}  // namespace steward::safety
