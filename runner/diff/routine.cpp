#include <cctype>
#include <set>

#include "runner/diff/remarks.h"
#include "runner/diff/rules.h"

namespace steward::diff {
namespace {

// The server does not know what a quoted body names. What it seems to name, by words, goes before
// where that is possible: a body may run while the script does.
std::vector<std::string> named_in(const Builder& builder, const Fact& routine) {
  std::set<std::string> words;
  std::string word;
  for (const char c : routine.text("body") + ' ') {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0) {
      word += c;
      continue;
    }
    if (!word.empty()) words.insert(word);
    word.clear();
  }
  std::vector<std::string> found;
  for (const std::string& id : builder.plan.created) {
    const Fact& fact = builder.to.facts.at(id);
    if (!fact.parent.starts_with("schema ") || id == routine.id) continue;
    const std::string name = base_name(fact);
    if (words.contains(name.substr(0, name.find('(')))) found.push_back(id);
  }
  return found;
}

// Made again because the rows of these tables were written anew: after that.
void need_rewritten(const Builder& builder, Action& action, const Fact& routine) {
  if (!builder.plan.replaced.contains(routine.id)) return;
  for (const std::string& need : routine.needs)
    if (builder.plan.rewritten.contains(need))
      for (const Fact* part : builder.parts(builder.to, need))
        if (builder.plan.disturbed.contains(part->id)) action.needs.push_back(part->id);
}

}  // namespace

bool routine_alterable(const Fact& from, const Fact& to, const Snapshot&) {
  if (to.kind == "aggregate") return differs_only_in(from, to, {});
  const auto defaults = [](const Fact& fact) {
    return fact.has("defaults") ? fact.value("defaults").get<int>() : 0;
  };
  return differs_only_in(from, to, {"definition", "body", "defaults"}) &&
         defaults(from) <= defaults(to);
}

void create_routine(Builder& builder, const Fact& fact) {
  std::string sql = fact.text("definition");
  if (fact.kind == "aggregate") {
    const std::string name = fact.identity.substr(0, fact.identity.find('('));
    sql = "CREATE AGGREGATE " + name + "(" + fact.text("arguments") + ") (" +
          fact.text("aggregate") + ")";
  }
  Action action = builder.creation(fact, sql);
  action.prefers = named_in(builder, fact);
  need_rewritten(builder, action, fact);
  builder.add(std::move(action));
  remark_new(builder, fact);
}

void alter_routine(Builder& builder, const Fact& from, const Fact& to) {
  if (differs(from, to, "definition")) {
    Action action = builder.change(from, to, to.text("definition"));
    action.changes.push_back(to.id);
    action.prefers = named_in(builder, to);
    std::erase(action.needs, to.id);
    builder.add(std::move(action));
  }
  remark_changed(builder, from, to);
}

}  // namespace steward::diff
