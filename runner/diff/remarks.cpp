#include "runner/diff/remarks.h"

#include "runner/diff/agreed.h"
#include "runner/diff/privileges.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "runner/text.h"

namespace steward::diff {
namespace {

// Without a comment of its own, an object has the one it was made with, if any.
std::string comment_of(const Fact& fact) {
  return fact.text(fact.has("comment") ? "comment" : "own_comment");
}

void comment(Builder& builder, const Fact& fact) {
  const std::string text = comment_of(fact);
  const std::string literal = text.empty() ? "NULL" : quote_literal(text);
  Action action = builder.remark(fact, "COMMENT ON " + target(fact) + " IS " + literal);
  action.key += '3';
  builder.add(std::move(action));
}

// An owned sequence has the owner of its table, and goes along with it.
bool follows_table(const Builder& builder, const Fact& fact) {
  const std::string column = fact.text("owned_by");
  const Fact* before = builder.from.find(fact.id);
  return !column.empty() && before != nullptr && !builder.plan.comes(fact.id) &&
         before->text("owned_by") == column && !builder.plan.comes(column);
}

void own(Builder& builder, const Fact& fact) {
  if (follows_table(builder, fact)) return;
  Action action = builder.remark(fact, "ALTER " + target(fact) + " OWNER TO " + fact.text("owner"));
  action.key += '1';
  action.produces.push_back(owner_of(fact.id));
  action.follows.push_back(tie_of(fact.id));
  builder.add(std::move(action));
}

void label(Builder& builder, const Fact& fact, const Json& before, const Json& after) {
  const auto say = [&](const std::string& provider, const std::string& text) {
    builder.add(builder.remark(
        fact, "SECURITY LABEL FOR " + provider + " ON " + target(fact) + " IS " + text));
  };
  if (before.is_object())
    for (const auto& [provider, text] : before.items())
      if (!after.is_object() || !after.contains(provider)) say(provider, "NULL");
  if (after.is_object())
    for (const auto& [provider, text] : after.items())
      if (!before.is_object() || !before.contains(provider) || before.at(provider) != text)
        say(provider, quote_literal(text.get<std::string>()));
}

// ALTER ... DEPENDS ON EXTENSION: it goes when the extension goes.
void tie_to_extensions(Builder& builder, const Fact& fact, const Json& before, const Json& after) {
  const auto holds = [](const Json& list, const Json& one) {
    return list.is_array() && std::find(list.begin(), list.end(), one) != list.end();
  };
  const auto statement = [&](const char* words, const std::string& extension) {
    Action action =
        builder.remark(fact, "ALTER " + target(fact) + words + "DEPENDS ON EXTENSION " + extension);
    action.key += '4';
    return action;
  };
  for (const Json& extension : before.is_array() ? before : Json::array())
    if (!holds(after, extension)) {
      Action action = statement(" NO ", extension);
      action.releases.push_back("extension " + extension.get<std::string>());
      builder.add(std::move(action));
    }
  for (const Json& extension : after.is_array() ? after : Json::array())
    if (!holds(before, extension)) {
      Action action = statement(" ", extension);
      action.needs.push_back("extension " + extension.get<std::string>());
      builder.add(std::move(action));
    }
}

}  // namespace

void remark_new(Builder& builder, const Fact& fact) {
  if (fact.has("owner") && fact.text("owner") != builder.from.role) own(builder, fact);
  grant_new(builder, fact);
  if (comment_of(fact) != fact.text("own_comment")) comment(builder, fact);
  label(builder, fact, {}, fact.value("label"));
  tie_to_extensions(builder, fact, {}, fact.value("depends_on_extension"));
}

void remark_changed(Builder& builder, const Fact& from, const Fact& to) {
  // A column's sequence has the owner of the table, and goes to the next one with it.
  const std::string column = to.text("owned_by");
  if (from.text("owner") != to.text("owner") && (column.empty() || column != from.text("owned_by")))
    own(builder, to);
  grant_changed(builder, from, to);
  if (comment_of(from) != comment_of(to)) comment(builder, to);
  if (from.value("label") != to.value("label"))
    label(builder, to, from.value("label"), to.value("label"));
  // CREATE OR REPLACE FUNCTION unties it.
  const bool untied = from.value("definition") != to.value("definition");
  tie_to_extensions(builder, to, untied ? Json() : from.value("depends_on_extension"),
                    to.value("depends_on_extension"));
}

}  // namespace steward::diff
