#include "runner/diff/rebuild.h"

#include <algorithm>

#include "runner/text.h"

namespace steward::diff {
namespace {

bool needs_one_of(const Fact& fact, const Fact& a, const Fact& b) {
  return std::any_of(fact.needs.begin(), fact.needs.end(),
                     [&](const std::string& need) { return need == a.id || need == b.id; });
}

// Whether something that stays has values of the type, or what waits aside is made of it, so that
// it cannot simply go.
bool in_use(const Builder& builder, const Fact& type, const Fact& successor) {
  for (const auto& [id, fact] : builder.from.facts) {
    if (fact.kind != "column" && fact.kind != "type" && fact.kind != "domain") continue;
    if (std::find(fact.needs.begin(), fact.needs.end(), type.id) == fact.needs.end()) continue;
    const Fact* after = builder.to.find(id);
    if (after != nullptr && needs_one_of(*after, type, successor) &&
        (fact.kind != "column" || !builder.plan.replaced.contains(id)))
      return true;
    if (fact.kind != "column" && type_rebuilt(builder, fact)) return true;
  }
  return false;
}

bool stands_aside(const Builder& builder, const std::string& id) {
  const Fact* fact = builder.from.find(id);
  return fact != nullptr &&
         (fact->kind == "type" || fact->kind == "domain" || fact->kind == "collation") &&
         type_rebuilt(builder, *fact);
}

// A name that neither a type nor a table has, in either schema.
std::string aside_name(const Builder& builder, const Fact& fact) {
  std::string plain = base_name(fact);
  const bool quoted = plain.starts_with('"');
  if (quoted) plain = plain.substr(1, plain.size() - 2);
  for (int n = 0;; ++n) {
    const std::string suffix = n == 0 ? "__old" : "__old" + std::to_string(n);
    const std::string name = plain.substr(0, 63 - suffix.size()) + suffix;
    const std::string shown = quoted ? '"' + name + '"' : name;
    const std::string identity =
        fact.identity.substr(0, fact.identity.size() - base_name(fact).size()) + shown;
    const auto taken = [&](const Snapshot& all) {
      for (const char* kind : {"type ", "domain ", "table ", "view ", "materialized view ",
                               "foreign table ", "sequence ", "index ", "collation "})
        if (all.find(kind + identity) != nullptr) return true;
      return false;
    };
    if (!taken(builder.from) && !taken(builder.to)) return shown;
  }
}

// The name of a type in the old schema, or the one under which it waits for its end.
std::string standing_name(const Builder& builder, const Fact& holder, const std::string& name) {
  for (const std::string& need : holder.needs) {
    const Fact* type = builder.from.find(need);
    if (type == nullptr || type->identity != name || !type_rebuilt(builder, *type)) continue;
    return name.substr(0, name.size() - base_name(*type).size()) + aside_name(builder, *type);
  }
  return name;
}

// What stands behind a word of a range's options: "MULTIRANGE_TYPE_NAME = ".
std::string range_option(const Fact& range, std::string_view word) {
  const std::string text = range.text("range");
  const std::size_t at = text.find(word);
  if (at == text.npos) return {};
  const std::size_t begin = at + word.size(), end = text.find(", ", begin);
  return text.substr(begin, end == text.npos ? end : end - begin);
}

// The multirange of a range, and the functions that make values of both, keep their names when the
// range gets another. To be said before that.
std::string constructors_aside(const Builder& builder, const Fact& range, const std::string& name) {
  if (range.text("form") != "range") return {};
  const std::string multirange = range_option(range, "MULTIRANGE_TYPE_NAME = "),
                    bound = standing_name(builder, range, range_option(range, "SUBTYPE = "));
  std::string sql;
  const auto rename = [&](const std::string& function, const std::string& arguments) {
    sql += "ALTER FUNCTION " + function + "(" + arguments + ") RENAME TO " + name + ";\n";
  };
  rename(range.identity, bound + ", " + bound);
  rename(range.identity, bound + ", " + bound + ", text");
  rename(multirange, "");
  rename(multirange, range.identity);
  rename(multirange, range.identity + "[]");
  std::string aside = name;
  aside.insert(aside.size() - (aside.ends_with('"') ? 1 : 0), "_multi");
  return sql + "ALTER TYPE " + multirange + " RENAME TO " + aside + ";\n";
}

// What the default and the checks of a domain call may have to go before the domain can. Returns
// the last action.
int loosen(Builder& builder, const Fact& domain) {
  int last = -1;
  const auto let_go = [&](const Fact& holder, const std::string& what) {
    Action action = builder.remark(domain, "ALTER DOMAIN " + domain.identity + " DROP " + what);
    for (const std::string& need : holder.needs)
      if (!need.starts_with("type ") && !need.starts_with("domain ") && builder.plan.goes(need))
        action.releases.push_back(need);
    if (action.releases.empty()) return;
    action.needs.clear();
    action.rank = -rank_of(domain);
    action.after = last;
    last = builder.add(std::move(action));
  };
  if (domain.has("default")) let_go(domain, "DEFAULT");
  for (const Fact* part : builder.parts(builder.from, domain.id))
    if (part->kind == "constraint") let_go(*part, "CONSTRAINT " + own_name(*part));
  return last;
}

}  // namespace

const Fact* type_of_that_name(const Snapshot& schema, const Fact& type) {
  if (const Fact* same = schema.find(type.id); same != nullptr || type.kind == "collation")
    return same;
  return schema.find((type.kind == "type" ? "domain " : "type ") + type.identity);
}

bool type_rebuilt(const Builder& builder, const Fact& from) {
  const Fact* successor = type_of_that_name(builder.to, from);
  return builder.plan.goes(from.id) && successor != nullptr && in_use(builder, from, *successor);
}

void rebuild_type(Builder& builder, const Fact& from, const Fact& to, Action make) {
  const std::string name = aside_name(builder, from);
  const std::string schema = from.identity.substr(0, from.identity.size() - base_name(from).size());
  const std::string kind = "ALTER " + target(from);
  const std::string sql =
      constructors_aside(builder, from, name) + kind + " RENAME TO " + name + ";\n";
  make.sql.insert(0, sql);
  make.after = loosen(builder, from);
  if (from.id == to.id) std::erase(make.produces, to.id);
  make.changes.push_back(from.id);
  builder.add(std::move(make));

  Action drop = builder.remark(from, "DROP " + upper(from.kind) + " " + schema + name);
  drop.destroys = {"aside " + from.id};
  drop.needs = {to.id};
  for (const std::string& need : from.needs)
    drop.releases.push_back(stands_aside(builder, need) ? "aside " + need : need);
  drop.rank = 53;
  for (const Json& label : from.value("labels"))
    if (const Json& kept = to.value("labels");
        std::find(kept.begin(), kept.end(), label) == kept.end())
      drop.loss = "the change fails where a row has a value that " + to.identity +
                  " no longer has (" + label.get<std::string>() + ")";
  builder.add(std::move(drop));
}

}  // namespace steward::diff
