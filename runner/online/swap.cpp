#include "runner/online/swap.h"

#include <algorithm>

#include "runner/diff/builder.h"
#include "runner/text.h"

namespace steward::online {
namespace {

using diff::own_name;
using snapshot::Fact;
using snapshot::Snapshot;

constexpr std::size_t longest_name = 63;

std::string alter_of(const Fact& column) {
  return "ALTER TABLE " + diff::relation(column);
}

// The name with more behind it, quoted as the name was; as long as a name can be.
std::string extended(const std::string& name, const std::string& suffix) {
  const bool quoted = name.starts_with('"');
  std::string plain = quoted ? name.substr(1, name.size() - 2) : name;
  plain = plain.substr(0, longest_name - suffix.size());
  return quoted ? '"' + plain + suffix + '"' : plain + suffix;
}

std::string type_of(const Fact& column) {
  return column.text("type") +
         (column.has("collation") ? " COLLATE " + column.text("collation") : "");
}

// Rows in batches, each committed: `set` where `missing`.
std::string batches(const std::string& table, const std::string& set, const std::string& missing) {
  return "DO $fill$\nBEGIN\n  LOOP\n    UPDATE " + table + " SET " + set +
         "\n      WHERE ctid = ANY (ARRAY(SELECT ctid FROM " + table + " WHERE " + missing +
         " LIMIT 10000));\n    EXIT WHEN NOT FOUND;\n    COMMIT;\n  END LOOP;\nEND\n$fill$";
}

// The trigger that keeps the new column up while the old one is still written.
struct Follower {
  std::string function;  // with its schema
  std::string trigger;
  std::string table;

  std::string creation(const std::string& name, const std::string& value) const {
    return "CREATE FUNCTION " + function +
           "() RETURNS trigger LANGUAGE plpgsql AS $follow$\nBEGIN\n  NEW." + name + " := NEW." +
           value + ";\n  RETURN NEW;\nEND\n$follow$;\nCREATE TRIGGER " + trigger +
           " BEFORE INSERT OR UPDATE ON " + table + " FOR EACH ROW EXECUTE FUNCTION " + function +
           "()";
  }
  std::string removal() const {
    return "DROP TRIGGER " + trigger + " ON " + table + ";\nDROP FUNCTION " + function + "()";
  }
};

Follower follower_of(const Fact& column, const std::string& name) {
  Fact table = column;
  table.identity = diff::relation(column);
  const std::string base = diff::base_name(table);
  const std::string schema = table.identity.substr(0, table.identity.size() - base.size());
  const std::string plain = name.starts_with('"') ? name.substr(1, name.size() - 2) : name;
  const bool quoted = name.starts_with('"') && !base.starts_with('"');
  const std::string own = extended(quoted ? '"' + base + '"' : base, "_" + plain + "_follows");
  return {schema + own, own, table.identity};
}

bool is_taken(const Snapshot& all, const Fact& column, const std::string& name) {
  const std::string table = diff::relation(column);
  const std::string schema = table.substr(0, table.rfind('.') + 1);
  return all.find("column " + table + "." + name) != nullptr ||
         all.find("constraint " + name + " ON " + table) != nullptr ||
         all.find("index " + schema + name) != nullptr;
}

bool stands_alone(const Fact& table) {
  return table.kind == "table" && !table.has("partition_by") && !table.has("inherits") &&
         !table.has("of_type");
}

// What else needs the column, by id; empty: nothing.
std::string dependent_of(const Snapshot& from, const Fact& column) {
  for (const auto& [id, fact] : from.facts) {
    if (id == column.id || id == column.parent) continue;
    if (std::find(fact.needs.begin(), fact.needs.end(), column.id) != fact.needs.end()) return id;
    const Json& parents = fact.value("inherits");
    const std::string table = diff::relation(column);
    if (parents.is_array() && std::find(parents.begin(), parents.end(), table) != parents.end())
      return id;
  }
  return {};
}

}  // namespace

std::string name_beside(const Snapshot& from, const Snapshot& to, const Fact& column,
                        const std::string& suffix) {
  for (int number = 0;; ++number) {
    const std::string end = suffix + (number == 0 ? "" : std::to_string(number));
    const std::string name = extended(own_name(column), end);
    if (!is_taken(from, column, name) && !is_taken(to, column, name)) return name;
  }
}

std::string proof(const std::string& alter, const std::string& constraint,
                  const std::string& name) {
  return alter + " ADD CONSTRAINT " + constraint + " CHECK (" + name + " IS NOT NULL) NOT VALID";
}

std::vector<Step> proven(const std::string& alter, const std::string& constraint,
                         const std::string& name) {
  return {{"Validate " + constraint, Lane::plain, alter + " VALIDATE CONSTRAINT " + constraint},
          {"Set " + name + " not null", Lane::plain,
           alter + " ALTER COLUMN " + name + " SET NOT NULL;\n" + alter + " DROP CONSTRAINT " +
               constraint}};
}

std::string why_not_swapped(const Snapshot& from, const Fact& before, const Fact& after) {
  const Fact* table = from.find(before.parent);
  if (table == nullptr || !stands_alone(*table))
    return "its table is a partition, or has parents, parts or a type";
  for (const char* attribute : {"identity", "generated"})
    if (before.has(attribute) || after.has(attribute)) return std::string("it has ") + attribute;
  const std::string dependent = dependent_of(from, before);
  return dependent.empty() ? "" : dependent + " stands on it";
}

Chain swapped(const Snapshot& from, const Snapshot& to, const Fact& before, const Fact& after,
              const std::string& loss) {
  const std::string alter = alter_of(after), table = diff::relation(after), old = own_name(after),
                    name = name_beside(from, to, after, "_new"),
                    value = old + "::" + after.text("type");
  const Follower follower = follower_of(after, name);
  const bool not_null = before.flag("not_null") && after.flag("not_null");
  const std::string check = name_beside(from, to, after, "_new_not_null");
  Chain chain;
  chain.about = after.id;
  chain.relation = table;
  chain.column = old;
  chain.steps.push_back({"", Lane::plain,
                         alter + " ADD COLUMN " + name + " " + type_of(after) + ";\n" +
                             (not_null ? proof(alter, check, name) + ";\n" : "") +
                             follower.creation(name, value)});
  chain.steps.push_back(
      {"Fill " + table + "." + name, Lane::outside,
       batches(table, name + " = " + value, name + " IS NULL AND " + value + " IS NOT NULL")});
  if (not_null)
    for (Step& step : proven(alter, check, name)) chain.steps.push_back(std::move(step));
  std::string last = follower.removal() + ";\n" + alter + " DROP COLUMN " + old + ";\n" + alter +
                     " RENAME COLUMN " + name + " TO " + old;
  if (after.has("default"))
    last += ";\n" + alter + " ALTER COLUMN " + old + " SET DEFAULT " + after.text("default");
  // The values go back as they came: a column that is added anew would be empty.
  std::string undo = alter + " RENAME COLUMN " + old + " TO " + name;
  if (after.has("default")) undo += ";\n" + alter + " ALTER COLUMN " + name + " DROP DEFAULT";
  undo += ";\n" + alter + " ADD COLUMN " + old + " " + type_of(before) + ";\nUPDATE " + table +
          " SET " + old + " = " + name + "::" + before.text("type");
  if (before.flag("not_null")) undo += ";\n" + alter + " ALTER COLUMN " + old + " SET NOT NULL";
  if (before.has("default"))
    undo += ";\n" + alter + " ALTER COLUMN " + old + " SET DEFAULT " + before.text("default");
  undo += ";\n" + follower.creation(name, value);
  chain.steps.push_back(
      {"Let " + table + "." + name + " take the place of " + old, Lane::plain, last, loss, undo});
  return chain;
}

Chain filled(const Snapshot& from, const Snapshot& to, const Fact& column) {
  const std::string alter = alter_of(column), table = diff::relation(column),
                    name = own_name(column);
  const std::string check = name_beside(from, to, column, "_not_null");
  Chain chain;
  chain.about = column.id;
  chain.relation = table;
  chain.column = name;
  std::string first = alter + " ADD COLUMN " + name + " " + type_of(column) + ";\n" + alter +
                      " ALTER COLUMN " + name + " SET DEFAULT " + column.text("default");
  if (column.flag("not_null")) first += ";\n" + proof(alter, check, name);
  chain.steps.push_back({"", Lane::plain, first});
  chain.steps.push_back({"Fill " + table + "." + name, Lane::outside,
                         batches(table, name + " = DEFAULT", name + " IS NULL")});
  if (column.flag("not_null"))
    for (Step& step : proven(alter, check, name)) chain.steps.push_back(std::move(step));
  return chain;
}

}  // namespace steward::online
