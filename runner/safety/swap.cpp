#include "runner/safety/swap.h"

#include <algorithm>

#include "runner/text.h"

namespace steward::safety {
namespace {

constexpr std::size_t longest_name = 63;

std::string suffixed(const std::string& name, const std::string& suffix) {
  return name.substr(0, longest_name - suffix.size()) + suffix;
}

// One direction of the change, as a statement says it.
struct Conversion {
  std::string type;   // as written, with its COLLATE
  std::string value;  // what the new column gets
  bool computed = false;
};

Conversion conversion_in(const Statement& statement) {
  const Action& action = statement.actions.front();
  const Json& type = member(*action.node, "typeName");
  const auto from = static_cast<std::size_t>(std::max(type.value("location", 0), 0));
  const std::size_t with = action.node->contains("raw_default")
                               ? find_word(statement.text, "using", from)
                               : std::string::npos;
  Conversion change;
  change.type = clause_at(statement.text, from, with);
  change.computed = with != std::string::npos;
  change.value = change.computed ? clause_at(statement.text, with + 5) : quoted(action.object);
  return change;
}

const Statement* change_back(const Script* downgrade, const Action& action) {
  if (downgrade == nullptr) return nullptr;
  for (const Statement& back : downgrade->statements) {
    const Action& first = back.actions.front();
    if (back.actions.size() == 1 && first.what == What::alter_type &&
        first.relation == action.relation && first.object == action.object)
      return &back;
  }
  return nullptr;
}

class Swap {
 public:
  Swap(const Action& action, Conversion up, Conversion down, const Standing& standing,
       bool not_null)
      : relation_(action.relation),
        column_(action.object),
        fresh_(suffixed(column_, "_new")),
        old_(suffixed(column_, "_old")),
        up_(std::move(up)),
        down_(std::move(down)),
        standing_(standing),
        not_null_(not_null) {}

  Remedy remedy(int undone) const {
    Remedy made{"alter-column-type", prepared(fresh_, up_), {}, unprepared(), "", undone};
    // The caller ends the last statement.
    while (!made.instead.empty() && (made.instead.back() == ';' || made.instead.back() == '\n'))
      made.instead.pop_back();
    made.parts.push_back(
        {"Fill " + relation_ + "." + fresh_, false,
         filled(fresh_, up_) + indexes_on(fresh_, "_new") + "ANALYZE " + table() + ";",
         trimmed(dropped_indexes())});
    if (not_null_)
      made.parts.push_back(
          {"Validate " + proof(fresh_), true, trimmed(validated(proof(fresh_))), ""});
    made.parts.push_back({"Put " + relation_ + "." + fresh_ + " in the place of " + column_, true,
                          trimmed(swapped()), trimmed(way_back()), true});
    if (!standing_.checks.empty())
      made.parts.push_back({"Validate what stands on " + relation_ + "." + column_, true,
                            trimmed(validated_checks()), ""});
    return made;
  }

  const std::string& fresh() const { return fresh_; }
  const std::string& old() const { return old_; }

 private:
  static std::string trimmed(const std::string& text) { return std::string(trim(text)); }
  std::string table() const { return quoted(relation_); }
  std::string alter() const { return "ALTER TABLE " + table() + " "; }
  std::string alter(const std::string& column) const {
    return alter() + "ALTER COLUMN " + quoted(column) + " ";
  }
  std::string schema() const { return relation_.substr(0, relation_.rfind('.') + 1); }
  std::string last() const { return relation_.substr(schema().size()); }
  std::string proof(const std::string& column) const {
    return default_name(relation_, {column}, "proof");
  }
  // The last in the order of names: what other triggers make of the row is seen.
  std::string keeper(const std::string& target) const {
    return suffixed("zz_" + last() + "_" + target, "");
  }

  std::string kept(const std::string& target, const Conversion& change) const {
    const std::string name = keeper(target), function = quoted(schema() + name) + "()";
    const std::string value = change.computed
                                  ? "  SELECT " + change.value + " INTO new." + quoted(target) +
                                        " FROM (SELECT new.*) AS " + quoted(last()) + ";\n"
                                  : "  new." + quoted(target) + " := new." + change.value + ";\n";
    return "CREATE FUNCTION " + function +
           " RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $keep$\nBEGIN\n" +
           value + "  RETURN new;\nEND\n$keep$;\nCREATE TRIGGER " + quoted(name) +
           " BEFORE INSERT OR UPDATE ON " + table() + " FOR EACH ROW EXECUTE FUNCTION " + function +
           ";\n" + alter() + "ENABLE ALWAYS TRIGGER " + quoted(name) + ";\n";
  }

  std::string unkept(const std::string& target) const {
    return "DROP TRIGGER " + quoted(keeper(target)) + " ON " + table() + ";\nDROP FUNCTION " +
           quoted(schema() + keeper(target)) + "();\n";
  }

  std::string proven_later(const std::string& column) const {
    return not_null_ ? alter() + "ADD CONSTRAINT " + quoted(proof(column)) + " CHECK (" +
                           quoted(column) + " IS NOT NULL) NOT VALID;\n"
                     : "";
  }
  std::string prepared(const std::string& target, const Conversion& change) const {
    return alter() + "ADD COLUMN " + quoted(target) + " " + change.type + ";\n" +
           kept(target, change) + proven_later(target);
  }
  std::string unprepared() const {
    return unkept(fresh_) + alter() + "DROP COLUMN " + quoted(fresh_) + ";";
  }

  // Page by page, so that each row is looked at once. What was written since the trigger is there
  // has its value, wherever it stands.
  std::string filled(const std::string& target, const Conversion& change) const {
    const std::string value = change.computed ? "(" + change.value + ")" : change.value;
    return "DO $fill$\nDECLARE\n  page bigint := 0;\n  pages bigint := pg_relation_size('" +
           table() +
           "') / current_setting('block_size')::int;\nBEGIN\n  WHILE page < pages LOOP\n    "
           "UPDATE " +
           table() + " SET " + quoted(target) + " = " + value +
           "\n      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + "
           "200)::tid\n        AND " +
           quoted(target) + " IS NULL AND " + value +
           " IS NOT NULL;\n    COMMIT;\n    page := page + 200;\n  END LOOP;\nEND\n$fill$;\n";
  }

  std::string indexes_on(const std::string& column, const std::string& suffix) const {
    std::string text;
    for (const Standing::Index& index : standing_.indexes)
      text += index_on(index.text, suffixed(index.name, suffix), column_, column) + ";\n";
    for (const Standing::Key& key : standing_.keys) text += key_index(key, column, suffix);
    return text;
  }
  std::string key_index(const Standing::Key& key, const std::string& column,
                        const std::string& suffix) const {
    std::vector<std::string> columns = key.columns;
    std::replace(columns.begin(), columns.end(), column_, column);
    return "CREATE UNIQUE INDEX CONCURRENTLY " + quoted(suffixed(key.name, suffix)) + " ON " +
           table() + " (" + joined_columns(columns) + ");\n";
  }
  std::string dropped_indexes() const {
    std::string text;
    const auto drop = [&](const std::string& name) {
      text +=
          "DROP INDEX CONCURRENTLY IF EXISTS " + quoted(schema() + suffixed(name, "_new")) + ";\n";
    };
    for (const Standing::Index& index : standing_.indexes) drop(index.name);
    for (const Standing::Key& key : standing_.keys) drop(key.name);
    return text;
  }

  std::string validated(const std::string& name) const {
    return alter() + "VALIDATE CONSTRAINT " + quoted(name) + ";\n";
  }
  std::string validated_checks() const {
    std::string text;
    for (const Standing::Check& check : standing_.checks) text += validated(check.name);
    return text;
  }

  // NOT NULL, the default and the sequence's owner, on the column that takes the place.
  std::string completed(const std::string& target) const {
    std::string text;
    if (not_null_)
      text += alter(target) + "SET NOT NULL;\n" + alter() + "DROP CONSTRAINT " +
              quoted(proof(target)) + ";\n";
    if (!standing_.sequence.empty())
      text += "ALTER SEQUENCE " + quoted(standing_.sequence) + " OWNED BY " + table() + "." +
              quoted(target) + ";\n";
    if (!standing_.default_text.empty())
      text += alter(target) + "SET DEFAULT " + standing_.default_text + ";\n";
    return text;
  }
  std::string renamed(const std::string& from, const std::string& to) const {
    return alter() + "RENAME COLUMN " + quoted(from) + " TO " + quoted(to) + ";\n";
  }
  std::string renamed_index(const std::string& from, const std::string& to) const {
    return "ALTER INDEX " + quoted(schema() + from) + " RENAME TO " + quoted(to) + ";\n";
  }
  // What the column that has taken the place gets from the copies made for it.
  std::string adopted(const std::string& suffix) const {
    std::string text;
    for (const Standing::Index& index : standing_.indexes)
      text += renamed_index(suffixed(index.name, suffix), index.name);
    for (const Standing::Key& key : standing_.keys)
      text += alter() + "ADD CONSTRAINT " + quoted(key.name) +
              (key.primary ? " PRIMARY KEY" : " UNIQUE") + " USING INDEX " +
              quoted(suffixed(key.name, suffix)) + ";\n";
    for (const Standing::Check& check : standing_.checks)
      text += alter() + "ADD CONSTRAINT " + quoted(check.name) + " " + check.body + " NOT VALID;\n";
    for (const std::string& remark : standing_.remarks) text += remark + "\n";
    return text;
  }

  std::string swapped() const {
    return "-- allow: drop-trigger the column that it kept takes the other's place\n" +
           unkept(fresh_) + completed(fresh_) +
           "-- allow: drop-column its values are in the column that takes its name\n" + alter() +
           "DROP COLUMN " + quoted(column_) + ";\n" + renamed(fresh_, column_) + adopted("_new");
  }

  // In one statement, so that nobody sees the table without the column; and to be run again when
  // it was not seen to end.
  std::string swapped_back() const {
    std::string text = unkept(old_) + completed(old_);
    for (const Standing::Check& check : standing_.checks)
      text += alter() + "DROP CONSTRAINT " + quoted(check.name) + ";\n";
    for (const Standing::Key& key : standing_.keys)
      text += alter() + "DROP CONSTRAINT " + quoted(key.name) + ";\n";
    if (!standing_.default_text.empty()) text += alter(column_) + "DROP DEFAULT;\n";
    if (not_null_) text += alter(column_) + "DROP NOT NULL;\n";
    for (const Standing::Index& index : standing_.indexes)
      text += renamed_index(index.name, suffixed(index.name, "_new"));
    text += renamed(column_, fresh_) + renamed(old_, column_);
    if (!standing_.remarks.empty())
      text += "COMMENT ON COLUMN " + table() + "." + quoted(fresh_) + " IS NULL;\n";
    text += adopted("_old") + kept(fresh_, up_) + proven_later(fresh_);
    return "DO $swap$\nBEGIN\n  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = '" + table() +
           "'::regclass AND attname = '" + old_ + "' AND NOT attisdropped) THEN\n" + text +
           "  END IF;\nEND\n$swap$;\n";
  }

  std::string way_back() const {
    std::string text = prepared(old_, down_) + filled(old_, down_) + indexes_on(old_, "_old");
    if (not_null_) text += validated(proof(old_));
    text += swapped_back() + validated_checks();
    if (not_null_) text += validated(proof(fresh_));
    for (const Standing::Key& key : standing_.keys) text += key_index(key, fresh_, "_new");
    return text;
  }

  std::string relation_, column_, fresh_, old_;
  Conversion up_, down_;
  const Standing& standing_;
  bool not_null_;
};

}  // namespace

std::variant<Remedy, std::string> swap_for(const Statement& statement, const Script* downgrade,
                                           const Standing& standing, const Knowledge& known) {
  const Action& action = statement.actions.front();
  const Table* table = known.find(action.relation);
  const Column* column = table == nullptr ? nullptr : table->column(action.object);
  if (column == nullptr || !standing.obstacle.empty())
    return standing.obstacle.empty() ? "what the column was is not known" : standing.obstacle;
  if (statement.actions.size() != 1) return "several changes stand in one ALTER TABLE";
  const Statement* back = change_back(downgrade, action);
  if (back == nullptr) return "the downgrade does not change the type back";
  const Swap swap(action, conversion_in(statement), conversion_in(*back), standing,
                  column->not_null);
  for (const std::string& name : {swap.fresh(), swap.old()})
    if (table->column(name) != nullptr) return "there is a column " + name + " already";
  return swap.remedy(back->number);
}

}  // namespace steward::safety
