#include "runner/diff/agreed.h"
#include "runner/diff/remarks.h"
#include "runner/diff/rules.h"

namespace steward::diff {
namespace {

std::int64_t number(const Json& sequence, const char* name) {
  return sequence.at(name).get<std::int64_t>();
}

std::int64_t most_of(const std::string& type) {
  return type == "smallint" ? 32767 : type == "integer" ? 2147483647 : INT64_MAX;
}

std::string owner_clause(const Fact& fact) {
  const std::string owner = fact.text("owned_by");
  return owner.empty() ? "NONE" : owner.substr(std::string_view("column ").size());
}

std::string with_bounds(std::string options, const Json& sequence) {
  for (const auto& [word, name] : {std::pair{"NO MINVALUE", "min"}, {"NO MAXVALUE", "max"}})
    if (const std::size_t at = options.find(word); at != options.npos)
      options.replace(at, std::string_view(word).size(),
                      word + 3 + (" " + sequence.at(name).dump()));
  return options;
}

// What ALTER SEQUENCE ... AS makes of the bounds: those that were the old type's own, whichever way
// the sequence runs, become the new type's.
Json after_type_change(Json sequence, const std::string& from, const std::string& to) {
  if (number(sequence, "max") == most_of(from)) sequence["max"] = most_of(to);
  if (number(sequence, "min") == -most_of(from) - 1) sequence["min"] = -most_of(to) - 1;
  return sequence;
}

void own_by(Builder& builder, const Fact* from, const Fact& to) {
  const std::string before = from == nullptr ? "" : from->text("owned_by"),
                    after = to.text("owned_by");
  const bool again = from != nullptr && !after.empty() && builder.plan.replaced.contains(after);
  if (before == after && !again) return;
  if (!before.empty()) {
    Action action = builder.remark(to, "ALTER SEQUENCE " + to.identity + " OWNED BY NONE");
    action.releases = {before, table_of(before)};
    action.destroys.push_back(tie_of(to.id));
    action.rank = -rank_of(to) - 1;
    builder.add(std::move(action));
  }
  if (!after.empty()) {
    Action action =
        builder.remark(to, "ALTER SEQUENCE " + to.identity + " OWNED BY " + owner_clause(to));
    append(action.needs, {after, owner_of(to.id), owner_of(table_of(after))});
    action.rank = 53;  // right after the column
    builder.add(std::move(action));
  }
}

// Where the type changes as well, NO MAXVALUE is the new type's, whatever the direction.
// A sequence's need of its owner is only that OWNED BY comes later.
Action creation(Builder& builder, const Fact& fact, std::string sql) {
  Action action = builder.creation(fact, std::move(sql));
  std::erase(action.needs, fact.text("owned_by"));
  return action;
}

}  // namespace

Json default_sequence(const std::string& type, const Json& like) {
  const std::int64_t most = most_of(type);
  Json sequence = like;
  const bool up = number(like, "increment") > 0;
  sequence["min"] = up ? 1 : -most - 1;
  sequence["max"] = up ? most : -1;
  sequence["start"] = up ? number(like, "min") : number(like, "max");
  sequence["increment"] = 1;
  sequence["cache"] = 1;
  sequence["cycle"] = false;
  return sequence;
}

std::string sequence_options(const Json& before, const Json& after, const std::string& type) {
  std::vector<std::string> words;
  const Json usual = default_sequence(type, after);
  const auto say = [&](const char* name, const char* word, const char* usual_word) {
    if (before.at(name) == after.at(name)) return;
    if (usual_word != nullptr && usual.at(name) == after.at(name))
      words.push_back(usual_word);
    else
      words.push_back(word + after.at(name).dump());
  };
  say("increment", "INCREMENT BY ", nullptr);
  say("min", "MINVALUE ", "NO MINVALUE");
  say("max", "MAXVALUE ", "NO MAXVALUE");
  say("start", "START WITH ", nullptr);
  const std::int64_t start = number(before, "start");
  if (!words.empty() && before != usual &&
      (start < number(after, "min") || start > number(after, "max")))
    words.push_back("RESTART WITH " + after.at("start").dump());
  say("cache", "CACHE ", nullptr);
  if (before.at("cycle") != after.at("cycle"))
    words.push_back(after.at("cycle") == true ? "CYCLE" : "NO CYCLE");
  return joined(words, " ");
}

bool sequence_alterable(const Fact& from, const Fact& to, const Snapshot&) {
  return differs_only_in(
      from, to,
      {"type", "start", "increment", "min", "max", "cache", "cycle", "owned_by", "unlogged"});
}

void create_sequence(Builder& builder, const Fact& fact) {
  const std::string type = fact.text("type");
  std::string sql =
      std::string("CREATE ") + (fact.flag("unlogged") ? "UNLOGGED " : "") + target(fact);
  if (type != "bigint") sql += " AS " + type;
  const std::string options =
      sequence_options(default_sequence(type, fact.definition), fact.definition, type);
  if (!options.empty()) sql += " " + options;
  builder.add(creation(builder, fact, sql));
  own_by(builder, nullptr, fact);
  remark_new(builder, fact);
}

// It goes with the column that owns it.
void drop_sequence(Builder& builder, const Fact& fact) {
  const std::string owner = fact.text("owned_by");
  if (!owner.empty() && builder.plan.goes(owner)) return;
  Action action = builder.destruction(fact, "DROP SEQUENCE " + fact.identity);
  // Its column may be on its way to another type, which waits for the default to go, and that for
  // nothing of this.
  std::erase(action.releases, owner);
  if (owner.empty()) action.loss = "the place where sequence " + fact.identity + " stands";
  builder.add(std::move(action));
}

void alter_sequence(Builder& builder, const Fact& from, const Fact& to) {
  std::string sql;
  Json before = from.definition;
  if (differs(from, to, "type")) {
    sql += " AS " + to.text("type");
    before = after_type_change(std::move(before), from.text("type"), to.text("type"));
  }
  std::string options = sequence_options(before, to.definition, to.text("type"));
  // With AS, the server takes NO MINVALUE for the type's own bound, whichever way the sequence
  // runs.
  if (differs(from, to, "type")) options = with_bounds(std::move(options), to.definition);
  if (!options.empty()) sql += " " + options;
  if (!sql.empty()) builder.add(builder.remark(to, "ALTER SEQUENCE " + to.identity + sql));
  if (from.flag("unlogged") != to.flag("unlogged"))
    builder.add(builder.remark(to, "ALTER SEQUENCE " + to.identity +
                                       (to.flag("unlogged") ? " SET UNLOGGED" : " SET LOGGED")));
  own_by(builder, &from, to);
  remark_changed(builder, from, to);
}

}  // namespace steward::diff
