#include "runner/diff/remarks.h"
#include "runner/diff/rules.h"

namespace steward::diff {

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
  builder.add(builder.creation(fact, sql));
  remark_new(builder, fact);
}

void alter_routine(Builder& builder, const Fact& from, const Fact& to) {
  if (differs(from, to, "definition")) {
    Action action = builder.change(from, to, to.text("definition"));
    action.changes.push_back(to.id);
    std::erase(action.needs, to.id);
    builder.add(std::move(action));
  }
  remark_changed(builder, from, to);
}

}  // namespace steward::diff
