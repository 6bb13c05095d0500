// Rules about indexes.
#include <algorithm>
#include <array>
#include <cctype>

#include "runner/safety/rule.h"

namespace steward::safety {
namespace {

bool concurrent(const Scene& scene) {
  return flag(scene.node(), "concurrent") || has_option(scene.node(), "concurrently");
}

bool is_partitioned(const Scene& scene, const std::string& relation) {
  const Table* table = scene.known.find(relation);
  return table != nullptr && table->kind == 'p';
}

std::string index_object(const Scene& scene) {
  return scene.action.object.empty() ? scene.relation() : scene.action.object;
}

// The statement with the word behind INDEX.
std::string made_concurrent(const std::string& text) {
  std::string fixed = text;
  const auto word = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  const std::string_view index = "index";
  const auto at = std::search(fixed.begin(), fixed.end(), index.begin(), index.end(), word);
  if (at == fixed.end()) return {};
  fixed.insert(static_cast<std::size_t>(at - fixed.begin()) + index.size(), " CONCURRENTLY");
  return "-- in a revision with transaction=off\n" + fixed + ";";
}

// Of an index without one: the name that PostgreSQL would give it; empty: it has one, or none can
// be told.
std::string name_given(const Scene& scene) {
  std::vector<std::string> columns;
  for (const Json& item : list(scene.node(), "indexParams")) {
    if (!content(item).contains("name")) return {};
    columns.push_back(word(content(item), "name"));
  }
  return scene.action.object.empty() ? default_name(scene.relation(), columns, "idx") : "";
}

Verdict create_index(const Scene& scene) {
  if (!scene.is(What::create_index) || concurrent(scene) || !scene.in_use()) return {};
  const bool only = !flag(member(scene.node(), "relation"), "inh");
  if (is_partitioned(scene, scene.relation())) {
    if (only) return {};
    return Found{index_object(scene), "the index is built on every partition while all writes wait",
                 "make it ON ONLY the parent, CONCURRENTLY on each partition, then attach those",
                 "CREATE INDEX ... ON ONLY " + quoted(scene.relation()) +
                     " (...);\n-- in a revision with transaction=off, for each partition\nCREATE "
                     "INDEX CONCURRENTLY ... ON ... (...);\n-- in the next\nALTER INDEX ... ATTACH "
                     "PARTITION ...;"};
  }
  std::string fixed = made_concurrent(scene.statement.text);
  // Without a name nobody could say which one is to be dropped when it is left INVALID.
  if (const std::string name = name_given(scene); !name.empty())
    fixed.insert(fixed.find(" CONCURRENTLY") + 13, " " + quoted(name));
  return Found{index_object(scene), "writes wait while the index is built",
               "build it CONCURRENTLY, in a revision of its own with transaction=off", fixed};
}

Verdict drop_index(const Scene& scene) {
  if (!scene.is(What::drop_index) || concurrent(scene)) return {};
  const std::string owner = scene.known.table_of_index(scene.action.object);
  if (!owner.empty() && (!scene.in_use(owner) || is_partitioned(scene, owner))) return {};
  const Table* table = scene.known.find(owner);
  if (table != nullptr && table->index(scene.action.object)->of_constraint) return {};
  return Found{scene.action.object,
               "reads and writes of the table wait until all who use it are done",
               "drop it CONCURRENTLY, in a revision of its own with transaction=off",
               made_concurrent(scene.statement.text)};
}

Verdict reindex(const Scene& scene) {
  if (!scene.is(What::reindex) || concurrent(scene) || !scene.in_use()) return {};
  // The system's own indexes know no other way.
  if (word(scene.node(), "kind") == "REINDEX_OBJECT_SYSTEM") return {};
  return Found{scene.relation(),
               "writes wait while the index is built again, and so do reads that would use it",
               "REINDEX ... CONCURRENTLY, in a revision with transaction=off", ""};
}

Verdict in_transaction(const Scene& scene) {
  if (!scene.statement.outside || !scene.script.transaction) return {};
  if (&scene.action != &scene.statement.actions.front()) return {};
  return Found{index_object(scene), scene.statement.words + " cannot run in a transaction (25001)",
               "write transaction=off behind the section's marker, and keep the section to it",
               "-- steward:upgrade transaction=off"};
}

Verdict leaves_invalid(const Scene& scene) {
  if (!scene.is(What::create_index) || !concurrent(scene)) return {};
  if (is_partitioned(scene, scene.relation()))
    return Found{index_object(scene),
                 "a partitioned table takes no CREATE INDEX CONCURRENTLY (0A000)",
                 "make it ON ONLY the parent, CONCURRENTLY on each partition, then attach those",
                 "", Severity::error};
  if (!flag(scene.node(), "if_not_exists")) return {};
  return Found{index_object(scene),
               "a build that failed leaves an INVALID index, and IF NOT EXISTS keeps it",
               "leave IF NOT EXISTS out: a step that was interrupted is mended when it is resumed",
               "DROP INDEX CONCURRENTLY IF EXISTS " + quoted(scene.action.object) + ";"};
}

Verdict name_missing(const Scene& scene) {
  if (!scene.is(What::create_index) || !scene.action.object.empty() || scene.script.transaction)
    return {};
  return Found{scene.relation(),
               "an index without a name is made again, under another one, when the step is resumed",
               "give it a name", ""};
}

bool is_guarded(const Json& node) {
  return flag(node, "if_not_exists") || flag(node, "missing_ok") || flag(node, "replace") ||
         flag(node, "skipIfNewValExists");
}

Verdict if_exists(const Scene& scene) {
  static constexpr std::array<What, 6> guardable{What::create_table, What::create_index,
                                                 What::drop_table,   What::drop_index,
                                                 What::add_column,   What::drop_column};
  if (scene.script.transaction || is_guarded(scene.node()) || scene.action.if_exists) return {};
  if (std::find(guardable.begin(), guardable.end(), scene.action.what) == guardable.end())
    return {};
  return Found{index_object(scene), "a section outside a transaction may have to be run again",
               "write IF NOT EXISTS or IF EXISTS", ""};
}

constexpr Rule table[] = {
    {"create-index-not-concurrent", Severity::error, true, true,
     "CREATE INDEX that makes writers wait", &create_index},
    {"drop-index-not-concurrent", Severity::warning, true, true,
     "DROP INDEX that waits for readers", &drop_index},
    {"reindex-not-concurrent", Severity::error, true, true, "REINDEX that makes others wait",
     &reindex},
    {"concurrently-in-transaction", Severity::error, true, false,
     "a statement that cannot run in the revision's transaction", &in_transaction},
    {"concurrently-leaves-invalid", Severity::warning, true, false,
     "CREATE INDEX CONCURRENTLY that may keep an invalid index", &leaves_invalid},
    {"index-name-missing", Severity::warning, true, false,
     "an index without a name outside a transaction", &name_missing},
    {"prefer-if-exists", Severity::note, false, false,
     "a statement outside a transaction that cannot be run twice", &if_exists},
};

}  // namespace

std::span<const Rule> index_rules() {
  return table;
}

}  // namespace steward::safety
