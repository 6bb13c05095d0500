// Rules about columns that are there already.
#include "runner/safety/rule.h"
#include "runner/text.h"

namespace steward::safety {
namespace {

std::string column(const Scene& scene) {
  return quoted(scene.action.object);
}

Verdict drop_column(const Scene& scene) {
  if (!scene.is(What::drop_column) || !scene.in_use()) return {};
  std::string also;
  if (const Table* table = scene.table()) {
    for (const Index& index : table->indexes)
      for (const std::string& name : index.columns)
        if (name == scene.action.object) also += (also.empty() ? "" : ", ") + index.name;
  }
  return Found{column_name(scene),
               "the column and its data are gone, and what still reads it fails" +
                   (also.empty() ? "" : "; these go with it: " + also),
               "stop using it first, in a release of its own; allow it with that reason", ""};
}

std::string swap(const Scene& scene) {
  const std::string to = written(type_in(member(scene.node(), "typeName")));
  const std::string fresh = quoted(scene.action.object + "_new");
  return alter(scene) + "ADD COLUMN " + fresh + " " + to +
         ";\n-- a trigger BEFORE INSERT OR UPDATE that keeps it equal to " + column(scene) +
         "\n-- fill it in batches, in a revision with transaction=off\nUPDATE " +
         quoted(scene.relation()) + " SET " + fresh + " = " + column(scene) +
         "\n  WHERE ctid IN (SELECT ctid FROM " + quoted(scene.relation()) + " WHERE " + fresh +
         " IS DISTINCT FROM " + column(scene) + " LIMIT 10000);\n-- swap, in one transaction\n" +
         alter(scene) + "RENAME COLUMN " + column(scene) + " TO " +
         quoted(scene.action.object + "_old") + ";\n" + alter(scene) + "RENAME COLUMN " + fresh +
         " TO " + column(scene) + ";";
}

std::string change_named(const Scene& scene) {
  const std::string to = written(type_in(member(scene.node(), "typeName")));
  const Table* table = scene.table();
  const Column* before = table == nullptr ? nullptr : table->column(scene.action.object);
  return (before == nullptr ? "to " : "from " + written(before->type) + " to ") + to;
}

Verdict alter_type(const Scene& scene) {
  if (!scene.is(What::alter_type) || !scene.in_use()) return {};
  const Change change = type_change(scene.action, scene.known);
  const Table* table = scene.table();
  Found found{column_name(scene), "",
              "a new column, kept by a trigger, filled in batches, then swapped", swap(scene)};
  if (change == Change::free && table != nullptr && table->is_checked(scene.action.object)) {
    found.message =
        "the type changes freely, but a CHECK on the column makes PostgreSQL read the table";
    found.severity = Severity::warning;
  } else if (change == Change::reindex && table != nullptr &&
             table->is_indexed(scene.action.object)) {
    found.message = "changing the type " + change_named(scene) +
                    " writes no row, but the column's indexes are built again under the lock";
    found.severity = Severity::warning;
  } else if (change == Change::unknown) {
    found.message = "changing the type " + change_named(scene) +
                    " may write the whole table anew: what it was is not known here";
    found.severity = Severity::warning;
  } else if (change >= Change::rewrites) {
    found.message =
        "changing the type " + change_named(scene) + " writes the whole table and its indexes anew";
  } else {
    return {};
  }
  return found;
}

Verdict narrowing(const Scene& scene) {
  if (!scene.is(What::alter_type) || !scene.in_use() ||
      type_change(scene.action, scene.known) != Change::narrows)
    return {};
  return Found{column_name(scene),
               "values that do not fit stop it, or lose digits, " + change_named(scene),
               "look first whether any value is beyond the new type", ""};
}

Verdict dependents(const Scene& scene) {
  const Table* table = scene.table();
  const bool concerns = scene.is(What::alter_type) || scene.is(What::drop_column) ||
                        scene.is(What::drop_table) || scene.is(What::drop_view);
  if (!concerns || table == nullptr || table->dependents.empty()) return {};
  return Found{scene.relation(),
               "other objects stand on it: " + joined(table->dependents) +
                   (scene.action.cascade ? "; CASCADE drops them" : "; PostgreSQL may refuse"),
               "drop and create them again in the same revision", ""};
}

Verdict set_not_null(const Scene& scene) {
  if (!scene.is(What::set_not_null) || !scene.in_use() ||
      !needs_scan_for_not_null(scene.statement, scene.action, scene.known))
    return {};
  const std::string name = quoted(default_name(scene.relation(), {scene.action.object}, "proof"));
  return Found{column_name(scene), "SET NOT NULL reads the whole table under the lock",
               "prove it first with a CHECK that is validated apart",
               alter(scene) + "ADD CONSTRAINT " + name + " CHECK (" + column(scene) +
                   " IS NOT NULL) NOT VALID;\n-- in the next revision\n" + alter(scene) +
                   "VALIDATE CONSTRAINT " + name + ";\n-- in the next; not in one ALTER TABLE\n" +
                   alter(scene) + "ALTER COLUMN " + column(scene) + " SET NOT NULL;\n" +
                   alter(scene) + "DROP CONSTRAINT " + name + ";"};
}

Verdict drop_not_null(const Scene& scene) {
  if (!scene.is(What::drop_not_null) || !scene.in_use()) return {};
  return Found{column_name(scene), "NULL may appear where the release that runs expects none",
               "deploy the code that takes NULL first", ""};
}

Verdict drop_default(const Scene& scene) {
  if (!scene.is(What::drop_default) || !scene.in_use()) return {};
  return Found{column_name(scene),
               "rows inserted without the column get NULL, or fail when it is NOT NULL",
               "deploy the code that gives a value first", ""};
}

Verdict set_default(const Scene& scene) {
  if (!scene.is(What::set_default) || !scene.in_use()) return {};
  return Found{column_name(scene), "rows that are there keep their old value",
               "fill them in batches where they should have it", ""};
}

constexpr Rule table[] = {
    {"drop-column", Severity::error, true, false, "a column is dropped", &drop_column},
    {"alter-column-type", Severity::error, true, true,
     "a type change that writes the table or its indexes anew", &alter_type},
    {"alter-column-narrowing", Severity::error, true, false,
     "a type change into which not all values fit", &narrowing},
    {"dependent-objects", Severity::warning, true, false,
     "a change of what views or functions stand on", &dependents},
    {"set-not-null", Severity::error, true, true, "SET NOT NULL that reads the table",
     &set_not_null},
    {"drop-not-null", Severity::note, true, false, "a column may be NULL from now on",
     &drop_not_null},
    {"drop-default", Severity::note, false, false, "a default is dropped", &drop_default},
    {"set-default", Severity::note, false, false, "a default is set on a column with rows",
     &set_default},
};

}  // namespace

std::span<const Rule> alteration_rules() {
  return table;
}

}  // namespace steward::safety
