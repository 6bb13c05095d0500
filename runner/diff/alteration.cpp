#include <algorithm>
#include <set>

#include "runner/diff/agreed.h"
#include "runner/diff/cast.h"
#include "runner/diff/held.h"
#include "runner/diff/privileges.h"
#include "runner/diff/rebuild.h"
#include "runner/diff/remarks.h"
#include "runner/diff/rules.h"
#include "runner/text.h"

namespace steward::diff {
namespace {

bool is_foreign(const Fact& column) {
  return column.parent.starts_with("foreign table ");
}

// What is renamed aside and made anew while columns use it.
bool is_rebuilt_aside(const std::string& id) {
  return id.starts_with("type ") || id.starts_with("domain ") || id.starts_with("collation ");
}

// Whether the rows of a relation that is made anew, or whose rows are, are its values.
bool rows_replaced(const Builder& builder, const Fact& from, const Fact& to) {
  const std::vector<std::string> before = row_types_of(builder.from, from);
  return std::any_of(before.begin(), before.end(), [&](const std::string& relation) {
    return (builder.plan.replaced.contains(relation) ||
            builder.plan.rewritten.contains(relation)) &&
           holds_rows_of(to, *builder.from.find(relation));
  });
}

// Whether the type or domain that the column had by this name gives way to the other kind.
bool kind_changed(const Builder& builder, const Fact& from, const std::string& need) {
  const bool domain = need.starts_with("domain ");
  const std::string other = (domain ? "type " : "domain ") + need.substr(domain ? 7 : 5);
  return builder.plan.created.contains(need) && builder.plan.dropped.contains(other) &&
         std::find(from.needs.begin(), from.needs.end(), other) != from.needs.end();
}

std::string using_clause(const Fact& from, const Fact& to, bool through_text) {
  if (to.has("generated") || is_foreign(to)) return {};
  const std::string name = own_name(to), type = to.text("type");
  if (through_text) return " USING " + name + (is_array(type) ? "::text[]::" : "::text::") + type;
  return assignable(from.text("type"), type) ? "" : " USING " + name + "::" + type;
}

bool follows_parent(const Builder& builder, const Fact& to, const char* attribute) {
  for (const Fact* parent : kept_parents(builder, to)) {
    if (builder.plan.replaced.contains(parent->parent)) continue;  // it is detached meanwhile
    const Fact* before = builder.from.find(parent->id);
    const Fact* after = builder.to.find(parent->id);
    if (before != nullptr && after != nullptr && differs(*before, *after, attribute) &&
        after->value(attribute) == to.value(attribute))
      return true;
  }
  return false;
}

bool retyped_between(const Builder& builder, const Fact& before, const Fact& after) {
  return differs(before, after, "type") || differs(before, after, "collation") ||
         type_replaced(builder, before, after);
}

// The parents whose columns take this one along when their type changes.
std::vector<const Fact*> retyping_parents(const Builder& builder, const Fact& to) {
  std::vector<const Fact*> found;
  for (const Fact* parent : kept_parents(builder, to)) {
    const Fact* before = builder.from.find(parent->id);
    const Fact* after = builder.to.find(parent->id);
    if (before != nullptr && after != nullptr && !builder.plan.comes(parent->id) &&
        retyped_between(builder, *before, *after))
      found.push_back(after);
  }
  return found;
}

// The ids of the columns by whose statements they come to their new type.
std::set<std::string> retyping_roots(const Builder& builder, const Fact& to) {
  std::set<std::string> roots;
  for (const Fact* parent : retyping_parents(builder, to)) {
    std::set<std::string> above = retyping_roots(builder, *parent);
    if (above.empty()) above.insert(parent->id);
    roots.merge(above);
  }
  return roots;
}

class Alteration {
 public:
  Alteration(Builder& builder, const Fact& from, const Fact& to)
      : builder_(builder),
        from_(from),
        to_(to),
        alter_("ALTER " + alter_target(to) + " "),
        column_("ALTER COLUMN " + own_name(to) + " ") {}

  void write() {
    if (was_there() && ties_of(builder_, to_.parent).tied.empty())
      warn_of_declaration(builder_, to_);
    retyped_ = differs(from_, to_, "type") || differs(from_, to_, "collation") ||
               (was_there() && type_replaced(builder_, from_, to_));
    end_identity();
    const std::set<std::string> roots =
        retyped_ && was_there() ? retyping_roots(builder_, to_) : std::set<std::string>();
    if (roots.size() > 1)
      builder_.refuse(to_.id + " has its type from several parents, which the server does not " +
                      "change together: NO INHERIT one of them first");
    else if (!roots.empty())
      follow();
    else if (retyped_)
      retype();
    else
      change_default();
    change_null();
    begin_identity();
    change_sequence();
    settings();
    remark_changed(builder_, from_, to_);
    grant_identity(builder_, from_, to_);
  }

  void settings() {
    change_setting("storage", "SET STORAGE ", to_.text("own_storage"));
    change_setting("compression", "SET COMPRESSION ", "default");
    change_setting("statistics", "SET STATISTICS ", "-1");
    for (const std::string& sql :
         option_changes("ALTER " + only() + column_, from_.value("options"), to_.value("options")))
      say(sql);
    const std::string foreign =
        foreign_options(from_.value("server_options"), to_.value("server_options"));
    if (!foreign.empty()) say(alter_ + column_ + foreign);
  }

 private:
  std::string only() const {
    const std::string table = alter_target(to_);
    static constexpr std::string_view kind = "TABLE ";
    return table.starts_with(kind) ? "TABLE ONLY " + table.substr(kind.size()) + " " : table + " ";
  }

  // A column that is made here has its type from the start.
  bool was_there() const {
    return builder_.from.find(to_.id) != nullptr && !builder_.plan.comes(to_.id);
  }

  Action action(std::string sql) const {
    Action made = builder_.remark(to_, std::move(sql));
    made.key += '0';
    made.after = last_;
    return made;
  }
  void say(const std::string& sql) { last_ = builder_.add(action(sql)); }

  void need(Action& made) const {
    append(made.needs, to_.needs);
    made.releases = from_.needs;
  }

  void retype() {
    drop_expression();
    const std::vector<std::string> leaving = let_default_go();
    const bool aside = rows_replaced(builder_, from_, to_);
    if (aside) to_text(leaving.empty());
    const bool had = from_.has("default") && !aside, has = to_.has("default");
    // What is said of a default without ONLY is said of the children's as well.
    const auto below = descendants();
    if (had && leaving.empty() && !below.empty()) let_default_go({to_.id});
    std::string sql = alter_;
    if (had && leaving.empty() && below.empty()) sql += column_ + "DROP DEFAULT, ";
    const bool through_text =
        type_replaced(builder_, from_, to_) || (from_.flag("enum") && to_.flag("enum"));
    sql += column_ + "TYPE " + to_.text("type");
    if (to_.has("collation"))
      sql += " COLLATE " + to_.text("collation");
    else if (from_.has("collation") && !differs(from_, to_, "type"))
      sql += " COLLATE pg_catalog.\"default\"";
    sql += using_clause(from_, to_, through_text);
    if (has && below.empty()) sql += ", " + column_ + "SET DEFAULT " + to_.text("default");
    Action made = action(sql);
    need(made);
    if (aside) made.releases.clear();
    for (const std::string& gone : leaving) std::erase(made.releases, gone);
    if (const std::string lost = lost_between(from_.text("type"), to_.text("type")); !lost.empty())
      made.loss = "the change of column " + to_.identity + " to " + to_.text("type") + " " + lost;
    std::erase(made.needs, to_.id);
    made.changes.push_back(to_.id);
    release_aside(made);
    made.follows.push_back(rows_of(to_.parent));
    need_rows(builder_, made, to_);
    for (const Fact* child : below) {
      made.changes.push_back(child->id);
      made.follows.push_back(rows_of(child->parent));
    }
    last_ = builder_.add(std::move(made));
    if (has && !below.empty()) set_default();
  }

  // What is renamed aside is let go under that name.
  void release_aside(Action& made) const {
    for (std::string& need : made.releases)
      if (const Fact* type = builder_.from.find(need);
          type != nullptr && is_rebuilt_aside(need) && type_rebuilt(builder_, *type))
        need = "aside " + need;
  }

  // The relation whose rows it has cannot go while it has them.
  void to_text(bool with_default) {
    const std::string type = is_array(from_.text("type")) ? "text[]" : "text";
    Action made =
        action(alter_ + (with_default && from_.has("default") ? column_ + "DROP DEFAULT, " : "") +
               column_ + "TYPE " + type + " USING " + own_name(to_) + "::" + type);
    made.releases = from_.needs;
    std::erase(made.needs, to_.id);
    made.changes.push_back(to_.id);
    for (const Fact* child : descendants()) made.changes.push_back(child->id);
    for (const std::string& relation : row_types_of(builder_.from, from_))
      made.destroys.push_back(rows_of(relation));
    made.follows.push_back(rows_of(to_.parent));
    made.rank = -rank_of(to_);
    last_ = builder_.add(std::move(made));
  }

  // A parent's statement changes the type; the default makes way for it.
  void follow() {
    if (from_.has("default")) {
      Action made = action("ALTER " + only() + column_ + "DROP DEFAULT");
      std::erase(made.needs, to_.id);
      made.releases = from_.needs;
      made.releases.push_back(to_.id);
      release_aside(made);
      last_ = builder_.add(std::move(made));
    }
    if (to_.has("default")) set_default();
  }

  void set_default() {
    Action made = action("ALTER " + only() + column_ + "SET DEFAULT " + to_.text("default"));
    append(made.needs, to_.needs);
    for (const Fact* parent : kept_parents(builder_, to_)) made.needs.push_back(parent->id);
    last_ = builder_.add(std::move(made));
  }

  // A default that calls what makes way goes before that, by itself. Returns what it lets go.
  std::vector<std::string> let_default_go() {
    std::vector<std::string> leaving;
    if (!from_.has("default")) return leaving;
    for (const std::string& need : from_.needs)
      if (builder_.plan.goes(need) && !is_rebuilt_aside(need)) leaving.push_back(need);
    if (!leaving.empty()) let_default_go(leaving);
    return leaving;
  }

  void let_default_go(const std::vector<std::string>& releases) {
    Action made = action("ALTER " + only() + column_ + "DROP DEFAULT");
    std::erase(made.needs, to_.id);
    made.releases = releases;
    last_ = builder_.add(std::move(made));
  }

  std::vector<const Fact*> descendants() const {
    std::vector<const Fact*> found;
    for (const Fact* child : builder_.descendants(builder_.from, to_.parent))
      if (const Fact* column =
              builder_.from.find("column " + child->identity + "." + own_name(to_));
          column != nullptr && ties_of(builder_, child->id).cut.empty() &&
          !builder_.plan.goes(column->id))
        found.push_back(column);
    return found;
  }

  // By itself: the same statement could not say USING.
  void drop_expression() {
    if (!from_.has("generated") || to_.has("generated") ||
        follows_parent(builder_, to_, "generated"))
      return;
    Action made = action(alter_ + column_ + "DROP EXPRESSION");
    made.releases = from_.needs;
    std::erase(made.needs, to_.id);
    made.changes.push_back(to_.id);
    for (const Fact* child : descendants()) made.changes.push_back(child->id);
    last_ = builder_.add(std::move(made));
  }

  void change_default() {
    drop_expression();
    const bool again =
        builder_.plan.rebound.contains(to_.id) && from_.has("default") && to_.has("default");
    if (!differs(from_, to_, "default") && !again) return;
    if (from_.has("default") && (!to_.has("default") || from_.needs != to_.needs || again))
      drop_default();
    if (to_.has("default")) set_default();
  }

  void drop_default() {
    Action made = action("ALTER " + only() + column_ + "DROP DEFAULT");
    made.releases = from_.needs;
    // Its own table's columns are none of what a default lets go.
    last_ = builder_.add(std::move(made));
  }

  void change_null() {
    if (from_.flag("not_null") == to_.flag("not_null") || follows_parent(builder_, to_, "not_null"))
      return;
    Action made =
        action(alter_ + column_ + (to_.flag("not_null") ? "SET NOT NULL" : "DROP NOT NULL"));
    if (!to_.flag("not_null"))
      for (const Fact* part : builder_.parts(builder_.from, to_.parent))
        if (part->kind == "constraint" && part->text("type") == "primary key")
          made.follows.push_back(part->id);
    last_ = builder_.add(std::move(made));
    if (!to_.flag("not_null")) keep_below();
  }

  // The statement reaches the children, those as well that stay NOT NULL.
  void keep_below() {
    for (const Fact* child : descendants())
      if (const Fact* after = builder_.to.find(child->id);
          after != nullptr && child->flag("not_null") && after->flag("not_null"))
        say("ALTER " + alter_target(*after) + " " + column_ + "SET NOT NULL");
  }

  void end_identity() {
    if (!from_.has("identity") || to_.has("identity")) return;
    Action made = action(alter_ + column_ + "DROP IDENTITY");
    made.destroys = names_taken(from_);
    std::erase(made.needs, to_.id);  // it comes before a change of the type
    last_ = builder_.add(std::move(made));
  }

  void begin_identity() {
    if (!to_.has("identity")) return;
    if (from_.has("identity")) {
      if (differs(from_, to_, "identity"))
        say(alter_ + column_ + "SET GENERATED " + to_.text("identity"));
      return;
    }
    Action made = action(alter_ + column_ + "ADD " + identity_clause(to_));
    made.produces = names_taken(to_);
    last_ = builder_.add(std::move(made));
    const std::string name = own_name(to_);
    say("SELECT pg_catalog.setval(" +
        quote_literal(to_.value("sequence").at("name").get<std::string>()) + ", max(" + name +
        ")) FROM " + relation(to_) + " HAVING max(" + name + ") IS NOT NULL");
  }

  void change_sequence() {
    if (!from_.has("identity") || !to_.has("identity") || !differs(from_, to_, "sequence")) return;
    Json before = from_.value("sequence");
    const Json& after = to_.value("sequence");
    const std::string old_name = before.at("name").get<std::string>(),
                      new_name = after.at("name").get<std::string>();
    if (old_name != new_name)
      say("ALTER SEQUENCE " + old_name + " RENAME TO " + new_name.substr(new_name.rfind('.') + 1));
    if (was_unlogged(before) != after.value("unlogged", false))
      say("ALTER SEQUENCE " + new_name +
          (after.value("unlogged", false) ? " SET UNLOGGED" : " SET LOGGED"));
    const std::string options = sequence_options(before, after, to_.text("type"));
    if (!options.empty()) say("ALTER SEQUENCE " + new_name + " " + options);
  }

  // A table that is made logged or unlogged takes its identities' sequences along.
  bool was_unlogged(const Json& sequence) const {
    const Fact* old_table = builder_.from.find(to_.parent);
    const Fact* new_table = builder_.to.find(to_.parent);
    const bool taken_along =
        old_table != nullptr && new_table != nullptr && differs(*old_table, *new_table, "unlogged");
    return taken_along ? new_table->flag("unlogged") : sequence.value("unlogged", false);
  }

  void change_setting(const char* attribute, const char* verb, const std::string& otherwise) {
    const bool again = retyped_ && to_.has(attribute) && std::string_view(attribute) == "storage";
    if (differs(from_, to_, attribute) || again)
      say("ALTER " + only() + column_ + verb +
          (to_.has(attribute) ? to_.text(attribute) : otherwise));
  }

  Builder& builder_;
  const Fact& from_;
  const Fact& to_;
  std::string alter_;
  std::string column_;
  bool retyped_ = false;
  int last_ = -1;
};

}  // namespace

bool type_replaced(const Builder& builder, const Fact& from, const Fact& to) {
  if (builder.plan.comes(to.id)) return false;  // made with the new one
  for (const std::string& need : to.needs)
    if (is_rebuilt_aside(need) &&
        (kind_changed(builder, from, need) ||
         (builder.plan.replaced.contains(need) &&
          std::find(from.needs.begin(), from.needs.end(), need) != from.needs.end())))
      return true;
  return rows_replaced(builder, from, to);
}

void alter_column(Builder& builder, const Fact& from, const Fact& to) {
  Alteration(builder, from, to).write();
}

}  // namespace steward::diff
