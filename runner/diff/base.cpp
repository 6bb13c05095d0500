#include <algorithm>

#include "runner/diff/rebuild.h"
#include "runner/diff/remarks.h"
#include "runner/diff/rules.h"

namespace steward::diff {
namespace {

// The functions of the old schema that cannot be without the type, nor it without them.
std::vector<const Fact*> supports_of(const Builder& builder, const Fact& type) {
  std::vector<const Fact*> found;
  for (const std::string& need : type.needs)
    if (const Fact* fact = builder.from.find(need);
        fact != nullptr && stands_on_shell(builder.from, *fact, type.id))
      found.push_back(fact);
  return found;
}

}  // namespace

void create_base_type(Builder& builder, const Fact& fact) {
  const Fact* before = builder.from.find(fact.id);
  if (before != nullptr && type_rebuilt(builder, *before)) {
    builder.refuse(fact.id + " would have to be made anew while columns have values of it");
    return;
  }
  Action shell = builder.creation(fact, "CREATE TYPE " + fact.identity);
  shell.produces = names_taken(fact);
  shell.produces.push_back(shell_of(fact.id));
  shell.needs = {fact.parent};
  builder.add(std::move(shell));
  Action whole =
      builder.creation(fact, "CREATE TYPE " + fact.identity + " (" + fact.text("base") + ")");
  whole.produces = {fact.id};
  whole.needs.push_back(shell_of(fact.id));
  builder.add(std::move(whole));
  remark_new(builder, fact);
}

void drop_base_type(Builder& builder, const Fact& fact) {
  if (type_rebuilt(builder, fact)) return;
  Action action = builder.destruction(fact, "DROP TYPE " + fact.identity + " CASCADE");
  for (const Fact* support : supports_of(builder, fact)) {
    action.destroys.push_back(support->id);
    append(action.destroys, names_taken(*support));
    append(action.releases, support->needs);
  }
  for (const std::string& gone : std::vector<std::string>(action.destroys))
    std::erase(action.releases, gone);
  builder.add(std::move(action));
}

void drop_routine(Builder& builder, const Fact& fact) {
  const bool along = std::any_of(fact.needs.begin(), fact.needs.end(), [&](const auto& need) {
    return builder.plan.goes(need) && stands_on_shell(builder.from, fact, need);
  });
  if (!along) drop_plainly(builder, fact);
}

}  // namespace steward::diff
