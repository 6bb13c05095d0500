// Rules about partitions.
#include "runner/safety/rule.h"

namespace steward::safety {
namespace {

const Table* parent_of(const Scene& scene) {
  return scene.known.find(scene.relation());
}

bool has_check(const Table* table) {
  if (table == nullptr) return false;
  for (const Constraint& constraint : table->constraints)
    if (constraint.kind == 'c' && constraint.validated && !constraint.mentions.empty()) return true;
  return false;
}

Verdict attach(const Scene& scene) {
  if (!scene.is(What::attach_partition)) return {};
  const Table* parent = parent_of(scene);
  const bool has_default = parent != nullptr && !parent->default_partition.empty();
  const std::string& partition = scene.action.object;
  const bool reads_partition = scene.in_use(partition) && !has_check(scene.known.find(partition));
  if (!reads_partition && !(has_default && scene.in_use(parent->default_partition))) return {};
  std::string message = "AccessExclusiveLock on " + partition;
  if (has_default) message += " and on the default partition " + parent->default_partition;
  message += reads_partition ? ", which are read to see that the rows fit"
                             : ", which is read to see that no row belongs to the new one";
  return Found{
      scene.relation(), message,
      "give the partition a valid CHECK like its bounds first, and the default one a CHECK "
      "that excludes them",
      "ALTER TABLE " + quoted(partition) +
          " ADD CONSTRAINT ... CHECK (...) NOT VALID;\n-- in the next revision\nALTER "
          "TABLE " +
          quoted(partition) + " VALIDATE CONSTRAINT ...;\n-- in the next\n" + scene.statement.text +
          ";"};
}

Verdict detach(const Scene& scene) {
  if (!scene.is(What::detach_partition) || !scene.in_use()) return {};
  const Table* parent = parent_of(scene);
  const bool has_default = parent != nullptr && !parent->default_partition.empty();
  if (flag(scene.node(), "concurrent")) {
    if (!has_default) return {};
    return Found{scene.relation(),
                 "CONCURRENTLY is refused while there is a default partition (55000): " +
                     parent->default_partition,
                 "detach it without CONCURRENTLY when few are there", ""};
  }
  return Found{
      scene.relation(), "the parent is locked: all queries of every partition wait",
      has_default ? "no CONCURRENTLY with a default partition: keep lock_timeout short"
                  : "DETACH PARTITION ... CONCURRENTLY, in a revision with transaction=off",
      has_default
          ? ""
          : "-- in a revision with transaction=off\n" + scene.statement.text + " CONCURRENTLY;"};
}

Verdict with_default(const Scene& scene) {
  if (!scene.is(What::create_partition)) return {};
  const Json& parents = list(scene.node(), "inhRelations");
  if (parents.empty()) return {};
  const std::string name = plain(name_in(content(parents[0])));
  if (!scene.in_use(name)) return {};
  const Table* parent = scene.known.find(name);
  const std::string other = parent == nullptr ? "" : parent->default_partition;
  const bool reads = !other.empty() && scene.in_use(other);
  Found found{name,
              reads ? "the parent is locked while the default partition " + other + " is read"
                    : "the parent is locked: all queries of every partition wait",
              "create a plain table LIKE the parent, then ATTACH it",
              "CREATE TABLE " + quoted(scene.relation()) + " (LIKE " + quoted(name) +
                  " INCLUDING ALL);\nALTER TABLE " + quoted(name) + " ATTACH PARTITION " +
                  quoted(scene.relation()) + " FOR VALUES ...;"};
  if (!reads) found.severity = Severity::note;
  return found;
}

constexpr Rule rules[] = {
    {"attach-partition", Severity::warning, true, true, "ATTACH PARTITION that reads tables",
     &attach},
    {"detach-partition", Severity::error, true, true,
     "DETACH PARTITION that stops queries of the parent", &detach},
    {"create-partition-with-default", Severity::warning, true, true,
     "a partition made in place, which locks its parent", &with_default},
};

}  // namespace

std::span<const Rule> partition_rules() {
  return rules;
}

}  // namespace steward::safety
