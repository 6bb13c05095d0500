#include "runner/diff/privileges.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "runner/diff/agreed.h"
#include "runner/text.h"

namespace steward::diff {
namespace {

// grantee -> privilege -> with grant option
using Grants = std::map<std::string, std::map<std::string, bool>>;

Grants grants_in(const Json& acl) {
  Grants grants;
  if (!acl.is_object()) return grants;
  for (const auto& [grantee, held] : acl.items()) {
    Grants::mapped_type& all = grants[grantee];
    for (const std::string word : held) {
      const bool option = word.ends_with('*');
      all[word.substr(0, word.size() - (option ? 1 : 0))] = option;
    }
  }
  return grants;
}

// What the owner, and PUBLIC, have of a new object of this kind.
Grants standard(const Fact& fact) {
  if (fact.has("acl_default")) return grants_in(fact.value("acl_default"));
  Grants grants;
  const bool usage = fact.kind == "type" || fact.kind == "domain";
  if (fact.has("owner")) grants[fact.text("owner")][usage ? "USAGE" : "ALL"] = false;
  if (usage) grants["PUBLIC"]["USAGE"] = false;
  if (fact.kind == "function" || fact.kind == "procedure" || fact.kind == "aggregate")
    grants["PUBLIC"]["ALL"] = false;
  return grants;
}

// other: the same object in the other schema. Where this one has nothing but what its kind and
// owner give, that is only told where it was not so.
Grants wanted(const Fact& fact, const Fact* other = nullptr) {
  if (fact.has("acl")) return grants_in(fact.value("acl"));
  if (fact.has("acl_default") || other == nullptr || !other->has("acl_default"))
    return standard(fact);
  Grants grants = standard(*other);
  const auto owned = grants.extract(other->text("owner"));
  if (!owned.empty()) grants[fact.text("owner")] = owned.mapped();
  return grants;
}

std::string default_objects(const Fact& fact) {
  if (fact.kind == "sequence") return "SEQUENCES";
  if (fact.kind == "schema") return "SCHEMAS";
  if (fact.kind == "type" || fact.kind == "domain") return "TYPES";
  if (fact.kind == "function" || fact.kind == "procedure" || fact.kind == "aggregate")
    return "FUNCTIONS";
  if (fact.kind == "table" || fact.kind == "foreign table" || fact.kind == "view" ||
      fact.kind == "materialized view")
    return "TABLES";
  return {};
}

// What it has right after it is made by the role that runs the script, default privileges being
// those of the old schema: new ones are set last.
Grants at_birth(const Builder& builder, const Fact& fact) {
  Grants grants = standard(fact);
  const std::string objects = default_objects(fact);
  if (objects.empty()) return grants;
  const std::string role = "default privileges FOR ROLE " + builder.from.role;
  const auto add = [&](const std::string& id, bool instead) {
    const Fact* given = builder.from.find(id);
    if (given == nullptr || builder.plan.dropped.contains(id)) return;
    if (instead) grants.clear();
    for (auto& [grantee, held] : grants_in(given->value("acl"))) {
      const bool own = grantee == builder.from.role && fact.has("owner");
      Grants::mapped_type& all = grants[own ? fact.text("owner") : grantee];
      if (own && instead)
        all["ALL"] = false;
      else
        for (const auto& [privilege, option] : held) {
          // EXECUTE is all there is of a routine, and who has all gets no more.
          const std::string word = objects == "FUNCTIONS" ? "ALL" : privilege;
          if (!all.contains("ALL") || option) all[word] = option;
        }
    }
  };
  add(role + " ON " + objects, true);
  const std::string schema = fact.parent.substr(std::min<std::size_t>(fact.parent.size(), 7));
  add(role + " IN SCHEMA " + schema + " ON " + objects, false);
  return grants;
}

// "f(*)" -> "f()", "f(integer ORDER BY text)" -> "f(integer, text)"; what is variadic on both sides
// is one argument. GRANT takes an aggregate as the function that it is.
std::string as_function(std::string identity) {
  if (identity.ends_with("(*)")) identity.erase(identity.size() - 2, 1);
  static constexpr std::string_view by = "ORDER BY ";
  const std::size_t at = identity.find(by);
  if (at == identity.npos) return identity;
  const std::size_t open = identity.find('(') + 1;
  const std::string direct = identity.substr(open, at - open),
                    ordered = identity.substr(at + by.size());
  if (direct.empty()) return identity.substr(0, open) + ordered;
  const std::string before = direct.substr(0, direct.size() - 1);
  if (before.starts_with("VARIADIC ") && before + ')' == ordered)
    return identity.substr(0, open) + ordered;
  return identity.substr(0, open) + before + ", " + ordered;
}

// "TABLE public.task", or for a column the table, with the column after each privilege.
std::string grant_target(const Fact& fact) {
  if (fact.kind == "column") return "TABLE " + relation(fact);
  if (fact.kind == "privileges") return fact.text("target");
  if (fact.kind == "server") return "FOREIGN SERVER " + fact.identity;
  if (fact.kind == "aggregate") return "FUNCTION " + as_function(fact.identity);
  if (fact.kind == "view" || fact.kind == "materialized view" || fact.kind == "foreign table")
    return "TABLE " + fact.identity;
  return target(fact);
}

std::string privilege_list(const Fact& fact, const std::vector<std::string>& privileges) {
  std::string list;
  for (const std::string& privilege : privileges) {
    if (!list.empty()) list += ", ";
    list += privilege;
    if (fact.kind == "column") list += " (" + own_name(fact) + ")";
  }
  return list;
}

struct Difference {
  std::vector<std::string> grant, grant_with_option, revoke, revoke_option;
};

Difference difference(const std::map<std::string, bool>& before,
                      const std::map<std::string, bool>& after, bool anew) {
  Difference found;
  // ALL on one side only: begin anew, since what it stands for is the server's business.
  if ((anew ? before != after : before.contains("ALL") != after.contains("ALL")) &&
      !before.empty()) {
    found.revoke.push_back("ALL");
    for (const auto& [privilege, option] : after)
      (option ? found.grant_with_option : found.grant).push_back(privilege);
    return found;
  }
  for (const auto& [privilege, option] : before) {
    const auto kept = after.find(privilege);
    if (kept == after.end() && after.contains("ALL")) {
      // Part of what stays: a default privilege of whom the object was then given to.
      if (option && !after.at("ALL")) found.revoke_option.push_back(privilege);
    } else if (kept == after.end())
      found.revoke.push_back(privilege);
    else if (option && !kept->second)
      found.revoke_option.push_back(privilege);
  }
  for (const auto& [privilege, option] : after) {
    const auto had = before.find(privilege);
    if (had == before.end() || (option && !had->second))
      (option ? found.grant_with_option : found.grant).push_back(privilege);
  }
  return found;
}

// grantor -> grantee -> privileges: what others than the owner granted.
using Passed = std::map<std::string, Grants>;

Passed passed_on(const Fact& fact) {
  Passed passed;
  if (const Json& by = fact.value("passed_on"); by.is_object())
    for (const auto& [grantor, grants] : by.items()) passed[grantor] = grants_in(grants);
  return passed;
}

class Privileges {
 public:
  // prefix: before GRANT and REVOKE; object: after ON.
  Privileges(Builder& builder, const Fact& fact, std::string prefix, std::string object)
      : builder_(builder), fact_(fact), prefix_(std::move(prefix)), object_(std::move(object)) {}

  // Whether something was taken away. What others passed on is taken from them first, and passed on
  // again: who has a privilege of two hands keeps it when one is closed.
  bool change(Grants before, const Grants& after, const Passed& passed_before = {},
              const Passed& passed_after = {}) {
    for (const auto& [grantor, grants] : passed_before) {
      say("REVOKE ", {"ALL"}, " FROM ", grantor, " CASCADE");
      before.erase(grantor);
      revoked_ = true;
    }
    Grants all = before;
    for (const auto& [grantee, held] : after) all[grantee];
    // There a word may be of a column, and REVOKE on the whole takes these along.
    const bool anew = fact_.kind == "privileges";
    for (const auto& [grantee, held] : all) {
      const auto had = std::as_const(before).find(grantee), has = after.find(grantee);
      const Difference found = difference(had == before.end() ? none_ : had->second,
                                          has == after.end() ? none_ : has->second, anew);
      say("REVOKE ", found.revoke, " FROM ", grantee, "");
      say("REVOKE GRANT OPTION FOR ", found.revoke_option, " FROM ", grantee, "");
      say("GRANT ", found.grant, " TO ", grantee, "");
      say("GRANT ", found.grant_with_option, " TO ", grantee, " WITH GRANT OPTION");
      revoked_ = revoked_ || !found.revoke.empty();
    }
    pass_on(after, passed_after);
    if (!sql_.empty()) {
      Action action = builder_.remark(fact_, sql_);
      action.key += '2';
      action.needs.push_back(owner_of(fact_.id));
      append(action.needs, names_taken(fact_));
      if (fact_.has("owned_by")) action.needs.push_back(owner_of(table_of(fact_.text("owned_by"))));
      builder_.add(std::move(action));
    }
    return revoked_;
  }

 private:
  void say(const char* verb, const std::vector<std::string>& privileges, const char* direction,
           const std::string& grantee, const char* option) {
    if (privileges.empty()) return;
    if (!sql_.empty()) sql_ += ";\n";
    sql_ += prefix_ + verb + privilege_list(fact_, privileges) + " ON " + object_ + direction +
            grantee + option;
  }

  // Each after who passes on has got it.
  void pass_on(const Grants& after, Passed passed) {
    std::set<std::string> able;
    const auto note = [&](const Grants& grants) {
      for (const auto& [grantee, held] : grants)
        if (std::any_of(held.begin(), held.end(), [](const auto& one) { return one.second; }))
          able.insert(grantee);
    };
    note(after);
    while (!passed.empty()) {
      auto next = std::find_if(passed.begin(), passed.end(),
                               [&](const auto& one) { return able.contains(one.first); });
      if (next == passed.end()) next = passed.begin();
      speak_as(next->first, next->second);
      note(next->second);
      passed.erase(next);
    }
  }

  void speak_as(const std::string& grantor, const Grants& grants) {
    sql_ += (sql_.empty() ? "" : ";\n") + ("SET ROLE " + grantor);
    for (const auto& [grantee, held] : grants) {
      const Difference found = difference(none_, held, false);
      say("GRANT ", found.grant, " TO ", grantee, "");
      say("GRANT ", found.grant_with_option, " TO ", grantee, " WITH GRANT OPTION");
    }
    sql_ += ";\nSET ROLE " + builder_.from.role;
  }

  Builder& builder_;
  const Fact& fact_;
  std::string prefix_, object_, sql_;
  bool revoked_ = false;
  const std::map<std::string, bool> none_;
};

// from: nullptr, where the object is new.
bool change_privileges(Builder& builder, const Fact* from, const Fact& fact, const Grants& before,
                       const Grants& after) {
  return Privileges(builder, fact, "", grant_target(fact))
      .change(before, after, from == nullptr ? Passed{} : passed_on(*from), passed_on(fact));
}

// REVOKE on a table takes the columns' privileges along.
void grant_columns_again(Builder& builder, const Fact& table) {
  for (const Fact* part : builder.parts(builder.to, table.id))
    if (part->kind == "column" && (part->has("acl") || part->has("passed_on")))
      change_privileges(builder, nullptr, *part, {}, wanted(*part));
}

std::string default_prefix(const Fact& fact) {
  std::string text = "ALTER DEFAULT PRIVILEGES FOR ROLE " + fact.text("role");
  if (fact.has("schema")) text += " IN SCHEMA " + fact.text("schema");
  return text + ' ';
}

void change_default_privileges(Builder& builder, const Fact& fact, const Grants& before,
                               const Grants& after) {
  Privileges(builder, fact, default_prefix(fact), fact.text("objects")).change(before, after);
}

// As text, for another statement to take along.
std::string default_privileges_text(Builder& builder, const Fact& fact, const Grants& before,
                                    const Grants& after) {
  const std::size_t first = builder.actions().size();
  change_default_privileges(builder, fact, before, after);
  std::string text;
  for (std::size_t at = first; at < builder.actions().size(); ++at)
    text += builder.actions()[at].sql + ";\n";
  builder.actions().resize(first);
  return text;
}

// Nothing is made and nothing goes: the privileges alone are what there is.
void release_self(Builder& builder, std::size_t first, const Fact& fact, bool goes) {
  for (std::size_t at = first; at < builder.actions().size(); ++at) {
    Action& action = builder.actions()[at];
    std::erase(action.needs, fact.id);
    if (!goes) {
      append(action.needs, fact.needs);
      continue;
    }
    action.rank = -action.rank;
    action.releases = fact.needs;
    if (!fact.parent.empty()) action.releases.push_back(fact.parent);
  }
}

// The sequence of an identity, which is no fact, as one.
Fact sequence_of(const Fact& column, const Fact& table) {
  Fact sequence;
  sequence.id = column.id;
  sequence.kind = "sequence";
  sequence.identity = column.value("sequence").at("name").get<std::string>();
  sequence.parent = table.parent;
  sequence.definition = {{"owned_by", column.id}};
  if (table.has("owner")) sequence.definition["owner"] = table.text("owner");
  for (const std::string key : {"acl", "acl_default", "passed_on"})
    if (const Json& held = column.value(("sequence_" + key).c_str()); !held.is_null())
      sequence.definition[key] = held;
  return sequence;
}

}  // namespace

void grant_new(Builder& builder, const Fact& fact) {
  const bool said = fact.has("acl") || fact.has("passed_on");
  if (said || (fact.kind != "column" && !default_objects(fact).empty()))
    change_privileges(builder, nullptr, fact,
                      fact.kind == "column" ? Grants{} : at_birth(builder, fact), wanted(fact));
}

void grant_changed(Builder& builder, const Fact& from, const Fact& to) {
  Grants before = wanted(from, &to);
  const bool owned_anew = from.text("owner") != to.text("owner");
  if (owned_anew) {
    const auto owned = before.extract(from.text("owner"));
    if (!owned.empty()) before[to.text("owner")] = owned.mapped();
  }
  if (owned_anew || from.value("acl") != to.value("acl") ||
      from.value("passed_on") != to.value("passed_on"))
    if (change_privileges(builder, &from, to, before, wanted(to, &from)))
      grant_columns_again(builder, to);
}

void grant_identity(Builder& builder, const Fact& from, const Fact& to) {
  const Fact *old_table = builder.from.find(to.parent), *table = builder.to.find(to.parent);
  const Fact* before = builder.from.find(to.id);
  if (!to.has("sequence") || table == nullptr) return;
  const Fact sequence = sequence_of(to, *table);
  if (builder.plan.comes(to.id) || !from.has("sequence") || before == nullptr)
    grant_new(builder, sequence);
  else
    grant_changed(builder, sequence_of(*before, *old_table), sequence);
}

void create_default_privileges(Builder& builder, const Fact& fact) {
  const std::size_t first = builder.actions().size();
  change_default_privileges(builder, fact, grants_in(fact.value("acl_default")),
                            grants_in(fact.value("acl")));
  release_self(builder, first, fact, false);
}

void drop_default_privileges(Builder& builder, const Fact& fact) {
  const std::size_t first = builder.actions().size();
  change_default_privileges(builder, fact, grants_in(fact.value("acl")),
                            grants_in(fact.value("acl_default")));
  release_self(builder, first, fact, true);
}

void alter_default_privileges(Builder& builder, const Fact& from, const Fact& to) {
  change_default_privileges(builder, to, grants_in(from.value("acl")), grants_in(to.value("acl")));
}

std::string without_default_privileges(Builder& builder, const std::string& sql) {
  std::string aside, again;
  for (const auto& [id, fact] : builder.from.facts) {
    if (fact.kind != "default privileges" || fact.text("role") != builder.from.role) continue;
    if (builder.plan.goes(id) || builder.plan.altered.contains(id)) continue;
    const Grants standing = grants_in(fact.value("acl")),
                 usual = grants_in(fact.value("acl_default"));
    aside += default_privileges_text(builder, fact, standing, usual);
    again += ";\n" + default_privileges_text(builder, fact, usual, standing);
    if (again.ends_with(";\n")) again.resize(again.size() - 2);
  }
  return aside + sql + again;
}

void create_initial_privileges(Builder& builder, const Fact& fact) {
  const std::size_t first = builder.actions().size();
  change_privileges(builder, nullptr, fact, grants_in(fact.value("acl_default")),
                    grants_in(fact.value("acl")));
  release_self(builder, first, fact, false);
}

void drop_initial_privileges(Builder& builder, const Fact& fact) {
  if (builder.goes_with_parent(fact)) return;
  const std::size_t first = builder.actions().size();
  change_privileges(builder, nullptr, fact, grants_in(fact.value("acl")),
                    grants_in(fact.value("acl_default")));
  release_self(builder, first, fact, true);
}

// Only who has not what he had at first is named.
void alter_initial_privileges(Builder& builder, const Fact& from, const Fact& to) {
  Grants before = grants_in(from.value("acl")), after = grants_in(to.value("acl"));
  before.merge(grants_in(to.value("acl_default")));
  after.merge(grants_in(from.value("acl_default")));
  change_privileges(builder, nullptr, to, before, after);
}

}  // namespace steward::diff
