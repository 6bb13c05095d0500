#include <algorithm>
#include <map>

#include "runner/diff/agreed.h"
#include "runner/diff/held.h"
#include "runner/diff/rebuild.h"
#include "runner/diff/remarks.h"
#include "runner/diff/rules.h"
#include "runner/text.h"

namespace steward::diff {
namespace {

std::vector<std::string> labels_of(const Fact& fact) {
  std::vector<std::string> labels;
  for (const Json& label : fact.value("labels")) labels.push_back(label.get<std::string>());
  return labels;
}

// Whether all old labels are still there in their order, so that the new ones can be put between.
bool grows(const std::vector<std::string>& from, const std::vector<std::string>& to) {
  auto at = to.begin();
  for (const std::string& label : from) {
    at = std::find(at, to.end(), label);
    if (at == to.end()) return false;
    ++at;
  }
  return true;
}

void add_labels(Builder& builder, const Fact& from, const Fact& to) {
  std::vector<std::string> known = labels_of(from);
  const std::vector<std::string> wanted = labels_of(to);
  int last = -1;
  for (std::size_t at = 0; at < wanted.size(); ++at) {
    if (std::find(known.begin(), known.end(), wanted[at]) != known.end()) continue;
    std::string sql = "ALTER TYPE " + to.identity + " ADD VALUE " + quote_literal(wanted[at]);
    if (at > 0) {
      if (wanted[at - 1] != known.back()) sql += " AFTER " + quote_literal(wanted[at - 1]);
      known.insert(std::find(known.begin(), known.end(), wanted[at - 1]) + 1, wanted[at]);
    } else {
      if (!known.empty()) sql += " BEFORE " + quote_literal(known.front());
      known.insert(known.begin(), wanted[at]);
    }
    Action action = builder.remark(to, sql);
    action.changes.push_back(to.id);
    action.after = last;
    std::erase(action.needs, to.id);
    last = builder.add(std::move(action));
  }
}

std::string attribute_text(const Json& attribute) {
  std::string text =
      attribute.at("name").get<std::string>() + " " + attribute.at("type").get<std::string>();
  if (attribute.contains("collation") && !attribute.at("collation").is_null())
    text += " COLLATE " + attribute.at("collation").get<std::string>();
  return text;
}

void comment_attribute(Builder& builder, const Fact& fact, const Json& attribute) {
  const Json& text = attribute.contains("comment") ? attribute.at("comment") : Json();
  builder.add(builder.remark(
      fact, "COMMENT ON COLUMN " + fact.identity + "." + attribute.at("name").get<std::string>() +
                " IS " + (text.is_string() ? quote_literal(text.get<std::string>()) : "NULL")));
}

bool same_type(const Json& a, const Json& b) {
  return attribute_text(a) == attribute_text(b);
}

// A typed table cannot change its columns, and its type cannot change under it: it is untied,
// changes as any other, and is tied again.
void untie(Builder& builder, const Fact& table, const Fact& type) {
  Action action = builder.remark(table, "ALTER TABLE " + table.identity + " NOT OF");
  action.needs.clear();
  action.rank = -rank_of(table);
  append(action.releases, {type.id, attributes_of(type.id)});
  for (const Fact* part : builder.parts(builder.from, table.id))
    if (part->kind == "column") action.releases.push_back(part->id);
  for (const Fact* part : builder.parts(builder.to, table.id))
    if (builder.plan.comes(part->id)) action.destroys.push_back(part->id);
  builder.add(std::move(action));
}

void tie(Builder& builder, const Fact& table, const Fact& type) {
  Action action = builder.remark(table, "ALTER TABLE " + table.identity + " OF " + type.identity);
  action.rank = 57;  // after its columns
  append(action.needs, {type.id, trimmed(type.id)});
  for (const Fact* part : builder.parts(builder.to, table.id))
    if (part->kind == "column") action.needs.push_back(part->id);
  for (const Fact* part : builder.parts(builder.from, table.id))
    if (part->kind == "column") action.follows.push_back(part->id);
  builder.add(std::move(action));
}

// A table of a type has its columns in the type's order, and new columns come last.
void require_order(Builder& builder, const Fact& before, const Fact& table, const Fact& type) {
  std::vector<const Fact*> columns;
  std::vector<std::string> order, wanted;
  for (const Fact* part : builder.parts(builder.from, before.id))
    if (part->kind == "column" && builder.to.find(part->id) != nullptr &&
        !builder.plan.replaced.contains(part->id))
      columns.push_back(part);
  std::sort(columns.begin(), columns.end(), [](const Fact* a, const Fact* b) {
    return a->value("position").get<int>() < b->value("position").get<int>();
  });
  for (const Fact* column : columns) order.push_back(own_name(*column));
  for (const Json& attribute : type.value("attributes")) wanted.push_back(attribute.at("name"));
  if (wanted.size() < order.size() || !std::equal(order.begin(), order.end(), wanted.begin()))
    builder.refuse(table.id + " would need its columns in the order of " + type.id);
}

void retie_tables(Builder& builder, const Fact& type) {
  for (const auto& [id, table] : builder.to.facts) {
    if (table.text("of_type") != type.identity || builder.plan.comes(id)) continue;
    const Fact* before = builder.from.find(id);
    if (before->text("of_type") != type.identity) continue;
    require_order(builder, *before, table, type);
    untie(builder, *before, type);
    tie(builder, table, type);
  }
}

// Whether the attributes have their order when the old ones go and the new ones are added last:
// rows are written in it.
bool keeps_order(const Fact& from, const Fact& to) {
  const auto names = [](const Fact& fact) {
    std::vector<std::string> list;
    for (const Json& attribute : fact.value("attributes")) list.push_back(attribute.at("name"));
    return list;
  };
  const std::vector<std::string> before = names(from), after = names(to);
  std::vector<std::string> made;
  const auto holds = [](const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  for (const std::string& name : before)
    if (holds(after, name)) made.push_back(name);
  for (const std::string& name : after)
    if (!holds(before, name)) made.push_back(name);
  return made == after;
}

void change_attributes(Builder& builder, const Fact& from, const Fact& to) {
  std::map<std::string, const Json*> before, after;
  for (const Json& attribute : from.value("attributes")) before[attribute.at("name")] = &attribute;
  for (const Json& attribute : to.value("attributes")) after[attribute.at("name")] = &attribute;
  const std::string alter = "ALTER TYPE " + to.identity;
  const auto action = [&](const std::string& sql) {
    Action made = builder.change(from, to, alter + sql);
    std::erase(made.needs, to.id);
    return made;
  };
  const auto say = [&](const std::string& sql) {
    Action made = action(sql);
    made.changes.push_back(to.id);
    builder.add(std::move(made));
  };
  const auto lose = [&](const std::string& name) {
    Action made = action(" DROP ATTRIBUTE " + name);
    made.destroys.push_back(attributes_of(to.id));
    made.produces.push_back(trimmed(to.id));
    made.loss = "the values of an attribute of type " + to.identity;
    builder.add(std::move(made));
  };
  for (const Json& attribute : from.value("attributes"))
    if (!after.contains(attribute.at("name"))) lose(attribute.at("name").get<std::string>());
  for (const Json& attribute : to.value("attributes")) {
    const auto old = before.find(attribute.at("name"));
    if (old == before.end())
      say(" ADD ATTRIBUTE " + attribute_text(attribute));
    else if (!same_type(*old->second, attribute)) {
      std::string text = attribute_text(attribute);
      text.insert(attribute.at("name").get<std::string>().size(), " TYPE");
      say(" ALTER ATTRIBUTE " + text);
    }
    const Json none, had = old == before.end() ? none : old->second->value("comment", Json()),
                     has = attribute.value("comment", Json());
    if (had != has) comment_attribute(builder, to, attribute);
  }
}

std::string creation_text(const Fact& fact) {
  if (fact.has("create")) return fact.text("create");  // a collation
  const std::string form = fact.text("form");
  if (form == "enum") {
    std::vector<std::string> labels;
    for (const std::string& label : labels_of(fact)) labels.push_back(quote_literal(label));
    return "CREATE TYPE " + fact.identity + " AS ENUM (" + joined(labels, ", ") + ")";
  }
  if (form == "composite") {
    std::vector<std::string> attributes;
    for (const Json& attribute : fact.value("attributes"))
      attributes.push_back(attribute_text(attribute));
    return "CREATE TYPE " + fact.identity + " AS (" + joined(attributes, ", ") + ")";
  }
  if (form == "shell") return "CREATE TYPE " + fact.identity;
  if (form == "range")
    return "CREATE TYPE " + fact.identity + " AS RANGE (" + fact.text("range") + ")";
  std::string text = "CREATE DOMAIN " + fact.identity + " AS " + fact.text("type");
  if (fact.has("collation")) text += " COLLATE " + fact.text("collation");
  if (fact.has("default")) text += " DEFAULT " + fact.text("default");
  if (fact.flag("not_null")) text += " NOT NULL";
  return text;
}

// With the checks of a domain: once it is in use, some can no longer be added.
void fold_checks(const Builder& builder, Action& action, const Fact& fact) {
  for (const Fact* part : builder.parts(builder.to, fact.id)) {
    if (!inline_constraint(builder, *part)) continue;
    action.sql += " CONSTRAINT " + own_name(*part) + ' ' + part->text("definition");
    action.produces.push_back(part->id);
    append(action.needs, part->needs);
  }
}

Action creation(const Builder& builder, const Fact& fact) {
  Action action = builder.creation(fact, creation_text(fact));
  fold_checks(builder, action, fact);
  for (const std::string& made : action.produces) std::erase(action.needs, made);
  return action;
}

bool retypes_attribute(const Fact& from, const Fact& to) {
  for (const Json& before : from.value("attributes"))
    for (const Json& after : to.value("attributes"))
      if (before.at("name") == after.at("name") && !same_type(before, after)) return true;
  return false;
}

// What was compiled against an attribute's type, or has values of it: the server refuses to change
// it under these. A function whose body is text is not.
bool stands_on(const Fact& fact, const Fact& type) {
  if (fact.kind == "type" || fact.has("body") || fact.kind == "aggregate") return false;
  return std::find(fact.needs.begin(), fact.needs.end(), type.id) != fact.needs.end();
}

bool is_fixed(const Snapshot& schema, const Fact& type) {
  return Held(schema).anywhere(type.id) ||
         std::any_of(schema.facts.begin(), schema.facts.end(),
                     [&](const auto& entry) { return stands_on(entry.second, type); });
}

std::string domain_alter(const Fact& fact) {
  return "ALTER DOMAIN " + fact.identity;
}

// Dropped first where what it calls makes way.
void change_default(Builder& builder, const Fact& from, const Fact& to) {
  const bool again = builder.plan.rebound.contains(to.id);
  if (!again && !differs(from, to, "default")) return;
  int last = -1;
  if (from.has("default") && (again || !to.has("default"))) {
    Action action = builder.remark(to, domain_alter(to) + " DROP DEFAULT");
    action.releases = from.needs;
    last = builder.add(std::move(action));
  }
  if (!to.has("default")) return;
  Action action = builder.change(from, to, domain_alter(to) + " SET DEFAULT " + to.text("default"));
  if (again) action.releases.clear();
  action.after = last;
  builder.add(std::move(action));
}

}  // namespace

bool type_alterable(const Fact& from, const Fact& to, const Snapshot& known) {
  const std::string form = to.text("form");
  if (form != from.text("form")) return false;
  if (form == "enum")
    return differs_only_in(from, to, {"labels"}) && grows(labels_of(from), labels_of(to));
  if (form == "composite")
    return differs_only_in(from, to, {"attributes"}) && keeps_order(from, to) &&
           !(retypes_attribute(from, to) && is_fixed(known, to));
  if (form == "domain") return differs_only_in(from, to, {"default", "not_null"});
  return differs_only_in(from, to, {});
}

void create_type(Builder& builder, const Fact& fact) {
  if (fact.text("form") == "base") return create_base_type(builder, fact);
  const Fact* before = type_of_that_name(builder.from, fact);
  if (before != nullptr && type_rebuilt(builder, *before))
    rebuild_type(builder, *before, fact, creation(builder, fact));
  else
    builder.add(creation(builder, fact));
  if (before != nullptr) retie_tables(builder, fact);
  for (const Fact* part : builder.parts(builder.to, fact.id))
    if (inline_constraint(builder, *part)) finish_constraint(builder, *part);
  for (const Json& attribute : fact.value("attributes"))
    if (attribute.contains("comment") && attribute.at("comment").is_string())
      comment_attribute(builder, fact, attribute);
  remark_new(builder, fact);
}

void drop_type(Builder& builder, const Fact& fact) {
  if (fact.text("form") == "base") return drop_base_type(builder, fact);
  if (type_rebuilt(builder, fact)) return;
  Action action = builder.destruction(fact, "DROP " + target(fact));
  for (const Fact* part : builder.parts(builder.from, fact.id)) {  // the checks of a domain
    action.destroys.push_back(part->id);
    append(action.releases, part->needs);
  }
  std::erase(action.releases, fact.id);
  // A domain upon what is made anew goes with the old one.
  for (std::string& need : action.releases)
    if (const Fact* type = builder.from.find(need);
        type != nullptr && (type->kind == "type" || type->kind == "domain") &&
        type_rebuilt(builder, *type))
      need = "aside " + need;
  builder.add(std::move(action));
}

void alter_type(Builder& builder, const Fact& from, const Fact& to) {
  if (differs(from, to, "labels")) add_labels(builder, from, to);
  if (differs(from, to, "attributes")) {
    change_attributes(builder, from, to);
    retie_tables(builder, to);
  }
  if (to.kind == "domain") {
    change_default(builder, from, to);
    if (from.flag("not_null") != to.flag("not_null"))
      builder.add(builder.remark(
          to, domain_alter(to) + (to.flag("not_null") ? " SET NOT NULL" : " DROP NOT NULL")));
  }
  remark_changed(builder, from, to);
}

}  // namespace steward::diff
