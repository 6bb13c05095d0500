// Rules about constraints.
#include <algorithm>

#include "runner/safety/rule.h"

namespace steward::safety {
namespace {

Constraint constraint(const Scene& scene) {
  return constraint_in(scene.node(), scene.relation());
}

std::string constraint_object(const Scene& scene) {
  return scene.relation() + "." + constraint(scene).name;
}

bool adds(const Scene& scene, std::string_view kind) {
  return scene.is(What::add_constraint) && word(scene.node(), "contype") == kind;
}

bool validates(const Scene& scene) {
  return !flag(scene.node(), "skip_validation") && !scene.node().contains("indexname");
}

std::string later(const Scene& scene, const std::string& definition) {
  const std::string name = quoted(constraint(scene).name);
  return alter(scene) + "ADD CONSTRAINT " + name + " " + definition +
         " NOT VALID;\n-- in the next revision\n" + alter(scene) + "VALIDATE CONSTRAINT " + name +
         ";";
}

Verdict foreign_key(const Scene& scene) {
  if (!adds(scene, "CONSTR_FOREIGN") || !validates(scene)) return {};
  const Constraint key = constraint(scene);
  if (!scene.in_use()) return {};
  const Table* own = scene.table();
  const bool partitioned =
      own != nullptr && own->kind == 'p' && scene.known.server.version < 180000;
  return Found{constraint_object(scene),
               "the foreign key is checked at once: writes to " + scene.relation() + " and " +
                   key.references + " wait while both are read",
               partitioned ? "add it to each partition NOT VALID and validate it there: before "
                             "PostgreSQL 18 a partitioned table takes no NOT VALID foreign key"
                           : "add it NOT VALID and validate it in the next revision",
               partitioned ? ""
                           : later(scene, "FOREIGN KEY (" + joined_columns(key.columns) +
                                              ") REFERENCES " + quoted(key.references))};
}

Verdict check(const Scene& scene) {
  if (!adds(scene, "CONSTR_CHECK") || !validates(scene) || !scene.in_use()) return {};
  return Found{constraint_object(scene), "the CHECK is tried on every row under the lock",
               "add it NOT VALID and validate it in the next revision",
               later(scene, "CHECK (...)")};
}

Verdict by_index(const Scene& scene, bool primary) {
  if (!scene.in_use() || scene.node().contains("indexname")) return {};
  const Constraint key = constraint(scene);
  const std::string name = quoted(key.name);
  return Found{constraint_object(scene),
               std::string(primary ? "the primary key" : "the unique constraint") +
                   " builds its index under the lock",
               "build the index CONCURRENTLY, then adopt it",
               "-- in a revision with transaction=off\nCREATE UNIQUE INDEX CONCURRENTLY " + name +
                   " ON " + quoted(scene.relation()) + " (" + joined_columns(key.columns) +
                   ");\n-- in the next\n" + alter(scene) + "ADD CONSTRAINT " + name +
                   (primary ? " PRIMARY KEY" : " UNIQUE") + " USING INDEX " + name + ";"};
}

Verdict unique(const Scene& scene) {
  return adds(scene, "CONSTR_UNIQUE") ? by_index(scene, false) : Verdict{};
}

// USING INDEX is quick only where the columns are NOT NULL already.
Verdict primary_key(const Scene& scene) {
  if (!adds(scene, "CONSTR_PRIMARY")) return {};
  const bool adopts = scene.node().contains("indexname");
  if (!adopts) return by_index(scene, true);
  if (!scene.in_use() || scene.effects.touches.empty() || !scene.effects.touches[0].scans)
    return {};
  return Found{constraint_object(scene),
               "the index's columns may be NULL: they are made NOT NULL, which reads the table",
               "set them NOT NULL first, as set-not-null shows", ""};
}

Verdict exclusion(const Scene& scene) {
  if (!adds(scene, "CONSTR_EXCLUSION") || !scene.in_use()) return {};
  return Found{constraint_object(scene),
               "an exclusion constraint builds its index under the lock, and there is no other way",
               "add it while the table is small, or when nobody is there", ""};
}

Verdict drop_constraint(const Scene& scene) {
  if (!scene.is(What::drop_constraint) || !scene.in_use()) return {};
  const Table* table = scene.table();
  const Constraint* dropped = table ? table->constraint(scene.action.object) : nullptr;
  if (dropped != nullptr && dropped->kind == 'p') return {};
  // Proving NOT NULL needs a CHECK that goes when it has done so.
  if (dropped != nullptr && dropped->kind == 'c' && !dropped->columns.empty() &&
      std::all_of(dropped->columns.begin(), dropped->columns.end(), [&](const std::string& name) {
        const Column* column = table->column(name);
        return column != nullptr && column->not_null;
      }))
    return {};
  const bool foreign = dropped != nullptr && dropped->kind == 'f';
  return Found{scene.relation() + "." + scene.action.object,
               foreign ? "dropping a foreign key takes AccessExclusiveLock on " +
                             dropped->references + " too"
                       : "what the constraint kept out may come in",
               "keep lock_timeout short; allow it with the reason", ""};
}

Verdict drop_primary_key(const Scene& scene) {
  if (!scene.is(What::drop_constraint) || !scene.in_use()) return {};
  const Table* table = scene.table();
  const Constraint* dropped = table ? table->constraint(scene.action.object) : nullptr;
  for (const Action& other : scene.statement.actions)
    if (other.what == What::add_constraint && word(*other.node, "contype") == "CONSTR_PRIMARY")
      return {};
  const bool by_name = dropped == nullptr && scene.action.object.ends_with("_pkey");
  if (!by_name && (dropped == nullptr || dropped->kind != 'p')) return {};
  return Found{scene.relation() + "." + scene.action.object,
               "without its primary key the table cannot be replicated logically, and foreign keys "
               "to it go or stop this",
               "put the new key in its place in the same statement: DROP CONSTRAINT ..., ADD "
               "CONSTRAINT ... PRIMARY KEY USING INDEX ...",
               ""};
}

Verdict backing_index(const Scene& scene) {
  if (!scene.is(What::drop_index)) return {};
  const Table* table = scene.known.find(scene.known.table_of_index(scene.action.object));
  const Index* index = table ? table->index(scene.action.object) : nullptr;
  if (index == nullptr || !index->of_constraint) return {};
  const std::string owner = scene.known.table_of_index(scene.action.object);
  return Found{
      scene.action.object,
      "the index belongs to a constraint: PostgreSQL refuses to drop it (2BP01)",
      "drop the constraint, which drops the index",
      "ALTER TABLE " + quoted(owner) + " DROP CONSTRAINT " + quoted(scene.action.object) + ";"};
}

bool is_clock(const Json& expression) {
  for (const std::string& name : functions_in(expression))
    if (name == "now" || name == "clock_timestamp" || name == "transaction_timestamp" ||
        name == "statement_timestamp" || name == "random" || name == "timeofday")
      return true;
  return volatility_in(expression) == Volatility::volatile_ ||
         expression.dump().find("SVFOP_CURRENT_") != std::string::npos;
}

bool any_check(const Json& tree, bool (*holds)(const Json&)) {
  if (tree.is_array())
    return std::any_of(tree.begin(), tree.end(),
                       [&](const Json& item) { return any_check(item, holds); });
  if (!tree.is_object()) return false;
  if (word(tree, "contype") == "CONSTR_CHECK") return holds(member(tree, "raw_expr"));
  return std::any_of(tree.begin(), tree.end(),
                     [&](const Json& item) { return any_check(item, holds); });
}

Verdict volatile_check(const Scene& scene) {
  const bool concerns =
      scene.is(What::add_constraint) || scene.is(What::add_column) || scene.is(What::create_table);
  if (!concerns || !any_check(scene.node(), &is_clock)) return {};
  return Found{scene.relation(),
               "the CHECK depends on the time or on chance: rows that were right become wrong, and "
               "a dump cannot be restored",
               "a trigger says it at the moment of writing", ""};
}

bool is_check_of_domain(const Scene& scene) {
  const std::string kind = word(scene.node(), "subtype");
  return scene.is(What::alter_domain) && (kind == "C" || kind == "O");
}

Verdict domain_constraint(const Scene& scene) {
  if (!is_check_of_domain(scene)) return {};
  if (flag(content(member(scene.node(), "def")), "skip_validation")) return {};
  const std::vector<std::string> tables = scene.known.tables_with_type(scene.action.object);
  const bool waiting =
      tables.empty() || std::any_of(tables.begin(), tables.end(),
                                    [&](const std::string& name) { return scene.in_use(name); });
  if (!waiting) return {};
  std::string names;
  for (const std::string& name : tables) names += (names.empty() ? "" : ", ") + name;
  const bool check = word(scene.node(), "subtype") == "C";
  return Found{scene.action.object,
               "every table with a column of the domain is read, and writes to it wait" +
                   (names.empty() ? "" : ": " + names),
               "add the CHECK NOT VALID and validate it in the next revision",
               check ? "ALTER DOMAIN " + quoted(scene.action.object) +
                           " ADD CONSTRAINT ... CHECK (...) NOT VALID;\n-- in the next revision\n"
                           "ALTER DOMAIN " +
                           quoted(scene.action.object) + " VALIDATE CONSTRAINT ...;"
                     : ""};
}

// Within a transaction the lock that ADD took is held while VALIDATE reads.
std::vector<Found> validated_at_once(const Review& review) {
  std::vector<Found> found;
  if (!review.upgrade.transaction) return found;
  std::vector<std::pair<std::string, std::string>> added;
  for (std::size_t i = 0; i < review.upgrade.statements.size(); ++i) {
    const Statement& statement = review.upgrade.statements[i];
    for (const Action& action : statement.actions) {
      if (action.what == What::add_constraint && flag(*action.node, "skip_validation"))
        added.emplace_back(action.relation, action.object);
      if (action.what != What::validate_constraint ||
          review.after.is_new_or_empty(action.relation) ||
          std::find(added.begin(), added.end(), std::pair(action.relation, action.object)) ==
              added.end())
        continue;
      found.push_back({action.relation + "." + action.object,
                       "VALIDATE in the transaction that added the constraint keeps the lock of "
                       "ADD while it reads",
                       "validate it in the next revision",
                       "",
                       {},
                       statement.number});
    }
  }
  return found;
}

constexpr Rule table[] = {
    {"add-foreign-key-validated", Severity::error, true, true,
     "a foreign key that is checked when it is added", &foreign_key},
    {"add-check-validated", Severity::error, true, true, "a CHECK that is checked when it is added",
     &check},
    {"validate-in-same-transaction", Severity::error, true, true,
     "VALIDATE in the transaction that added the constraint", nullptr, &validated_at_once},
    {"add-unique-constraint", Severity::error, true, true,
     "a unique constraint that builds its index", &unique},
    {"add-primary-key", Severity::error, true, true, "a primary key that builds its index",
     &primary_key},
    {"add-exclusion-constraint", Severity::warning, true, true, "an exclusion constraint",
     &exclusion},
    {"drop-constraint", Severity::warning, true, false, "a constraint is dropped",
     &drop_constraint},
    {"drop-primary-key", Severity::error, true, false, "a primary key is dropped",
     &drop_primary_key},
    {"drop-constraint-backing-index", Severity::error, true, false,
     "DROP INDEX of a constraint's index", &backing_index},
    {"volatile-check", Severity::warning, true, false,
     "a CHECK that depends on the time or on chance", &volatile_check},
    {"domain-constraint", Severity::error, true, true,
     "a domain's constraint that is checked when it is added", &domain_constraint},
};

}  // namespace

std::span<const Rule> constraint_rules() {
  return table;
}

}  // namespace steward::safety
