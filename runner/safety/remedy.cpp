#include "runner/safety/remedy.h"

#include <algorithm>
#include <cctype>
#include <regex>

namespace steward::safety {
namespace {

std::string alter(const Action& action) {
  return "ALTER TABLE " + safety::quoted(action.relation) + " ";
}

std::string replaced(const std::string& text, const char* pattern, const std::string& with) {
  return std::regex_replace(text, std::regex(pattern, std::regex::icase), with,
                            std::regex_constants::format_first_only);
}

Part validation(const Action& action, const std::string& name) {
  return {"Validate " + name, true,
          alter(action) + "VALIDATE CONSTRAINT " + safety::quoted(name) + ";", ""};
}

std::optional<Remedy> index(const Statement& statement, const Action& action) {
  const Json& node = *action.node;
  if (flag(node, "concurrent") || flag(node, "if_not_exists")) return {};
  std::string name = action.object, text = statement.text;
  if (name.empty()) {
    std::vector<std::string> columns;
    for (const Json& item : list(node, "indexParams"))
      if (content(item).contains("name")) columns.push_back(word(content(item), "name"));
    if (columns.empty()) return {};
    name = default_name(action.relation, columns, "idx");
    text = replaced(text, "\\bINDEX\\b", "INDEX CONCURRENTLY " + safety::quoted(name));
  } else {
    text = replaced(text, "\\bINDEX\\b", "INDEX CONCURRENTLY");
  }
  const std::size_t dot = action.relation.rfind('.');
  const std::string schema = dot == std::string::npos ? "" : action.relation.substr(0, dot + 1);
  return Remedy{"create-index-not-concurrent",
                "",
                {{"Create " + name, false, text + ";",
                  "DROP INDEX CONCURRENTLY IF EXISTS " + safety::quoted(schema + name) + ";"}},
                "",
                name};
}

// The way back makes the index again: only the revision's own downgrade says how.
std::optional<Remedy> drop_index(const Statement& statement, const Action& action,
                                 const Script* downgrade) {
  if (statement.actions.size() != 1 || flag(*action.node, "concurrent") || downgrade == nullptr)
    return {};
  for (const Statement& back : downgrade->statements)
    if (back.actions.front().what == What::create_index &&
        back.actions.front().object == action.object && !flag(content(*back.tree), "concurrent"))
      return Remedy{"drop-index-not-concurrent",
                    "",
                    {{"Drop " + action.object, false,
                      replaced(statement.text, "\\bINDEX\\b", "INDEX CONCURRENTLY") + ";",
                      replaced(back.text, "\\bINDEX\\b", "INDEX CONCURRENTLY") + ";"}},
                    "",
                    action.object};
  return {};
}

std::optional<Remedy> reindex(const Statement& statement, const Action& action) {
  if (statement.outside || action.relation.empty()) return {};
  return Remedy{"reindex-not-concurrent",
                "",
                {{"Reindex " + action.relation, false,
                  replaced(statement.text, "\\b(INDEX|TABLE)\\b", "$1 CONCURRENTLY") + ";", ""}},
                "",
                ""};
}

// FOREIGN KEY or CHECK: without a name it gets the one that PostgreSQL would give it.
std::optional<Remedy> validated(const Statement& statement, const Action& action, bool foreign) {
  const Constraint made = constraint_in(*action.node, action.relation);
  std::string text = statement.text;
  if (action.object.empty())
    text = replaced(text, "\\bADD\\s+(FOREIGN|CHECK)\\b",
                    "ADD CONSTRAINT " + safety::quoted(made.name) + " $1");
  return Remedy{foreign ? "add-foreign-key-validated" : "add-check-validated",
                text + " NOT VALID",
                {validation(action, made.name)},
                "",
                ""};
}

std::optional<Remedy> by_index(const Action& action, bool primary) {
  const Constraint made = constraint_in(*action.node, action.relation);
  const Json& node = *action.node;
  const bool plain_one = !node.contains("indexname") && !flag(node, "deferrable") &&
                         list(node, "including").empty() && list(node, "options").empty() &&
                         !flag(node, "nulls_not_distinct") && !node.contains("indexspace");
  if (!plain_one) return {};
  const std::string name = safety::quoted(made.name);
  const std::size_t dot = action.relation.rfind('.');
  const std::string schema =
      dot == std::string::npos ? "" : safety::quoted(action.relation.substr(0, dot)) + ".";
  return Remedy{primary ? "add-primary-key" : "add-unique-constraint",
                "",
                {{"Build the index of " + made.name, false,
                  "CREATE UNIQUE INDEX CONCURRENTLY " + name + " ON " +
                      safety::quoted(action.relation) + " (" + joined_columns(made.columns) + ");",
                  "DROP INDEX CONCURRENTLY IF EXISTS " + schema + name + ";"},
                 {"Add " + made.name, true,
                  alter(action) + "ADD CONSTRAINT " + name +
                      (primary ? " PRIMARY KEY" : " UNIQUE") + " USING INDEX " + name + ";",
                  alter(action) + "DROP CONSTRAINT " + name + ";"}},
                "",
                made.name};
}

std::string proof_name(const Action& action) {
  return default_name(action.relation, {action.object}, "proof");
}

std::string proof(const Action& action) {
  return alter(action) + "ADD CONSTRAINT " + safety::quoted(proof_name(action)) + " CHECK (" +
         safety::quoted(action.object) + " IS NOT NULL) NOT VALID";
}

// The last of the parts that set NOT NULL: what has proved it goes.
Part proven(const Action& action) {
  const std::string drop =
      alter(action) + "DROP CONSTRAINT " + safety::quoted(proof_name(action)) + ";";
  return {
      "Set " + action.relation + "." + action.object + " not null", true,
      alter(action) + "ALTER COLUMN " + safety::quoted(action.object) + " SET NOT NULL;\n" + drop,
      proof(action) + ";\n" + alter(action) + "ALTER COLUMN " + safety::quoted(action.object) +
          " DROP NOT NULL;"};
}

std::string drop_proof(const Action& action) {
  return alter(action) + "DROP CONSTRAINT IF EXISTS " + safety::quoted(proof_name(action)) + ";";
}

Remedy not_null(const Action& action) {
  return {"set-not-null",
          proof(action),
          {validation(action, proof_name(action)), proven(action)},
          drop_proof(action),
          ""};
}

Part backfill(const Action& action) {
  const std::string table = safety::quoted(action.relation), column = safety::quoted(action.object);
  return {"Fill " + action.relation + "." + action.object, false,
          "DO $fill$\nBEGIN\n  LOOP\n    UPDATE " + table + " SET " + column +
              " = DEFAULT\n      WHERE ctid = ANY (ARRAY(SELECT ctid FROM " + table + " WHERE " +
              column +
              " IS NULL LIMIT 10000));\n    EXIT WHEN NOT FOUND;\n    COMMIT;\n  END "
              "LOOP;\nEND\n$fill$;",
          ""};
}

// ADD COLUMN c type [NOT NULL] DEFAULT f(): the default is the rest of the statement.
std::optional<Remedy> column(const Statement& statement, const Action& action,
                             const Knowledge& known) {
  const Json& node = *action.node;
  const Json& constraints = list(node, "constraints");
  const bool not_null_too = has_constraint(node, "CONSTR_NOTNULL");
  if (!has_constraint(node, "CONSTR_DEFAULT") || constraints.size() != (not_null_too ? 2u : 1u) ||
      action.if_exists || flag(node, "missing_ok"))
    return {};
  if (known.volatility(member(content(constraints.back()), "raw_expr")) != Volatility::volatile_)
    return {};
  static const std::regex clause("^([\\s\\S]*?)\\s+(?:NOT\\s+NULL\\s+)?DEFAULT\\s+([\\s\\S]+)$",
                                 std::regex::icase);
  std::smatch parts;
  if (!std::regex_match(statement.text, parts, clause)) return {};
  Remedy remedy{"add-column-volatile-default",
                parts[1].str() + ";\n" + alter(action) + "ALTER COLUMN " +
                    safety::quoted(action.object) + " SET DEFAULT " + parts[2].str(),
                {backfill(action)},
                "",
                ""};
  if (!not_null_too) return remedy;
  remedy.instead += ";\n" + proof(action);
  remedy.parts.push_back(validation(action, proof_name(action)));
  remedy.parts.push_back(proven(action));
  remedy.undo_first = drop_proof(action);
  return remedy;
}

std::optional<Remedy> constraint(const Statement& statement, const Action& action,
                                 const Knowledge& known) {
  const std::string kind = word(*action.node, "contype");
  if (flag(*action.node, "skip_validation")) return {};
  const Table* table = known.find(action.relation);
  if (kind == "CONSTR_FOREIGN" && table != nullptr && table->kind == 'p') return {};
  if (kind == "CONSTR_FOREIGN" || kind == "CONSTR_CHECK")
    return validated(statement, action, kind == "CONSTR_FOREIGN");
  if (kind == "CONSTR_UNIQUE") return by_index(action, false);
  if (kind != "CONSTR_PRIMARY" || table == nullptr) return {};
  // A key adopts an index at once only where its columns are NOT NULL.
  for (const std::string& name : words_of(list(*action.node, "keys")))
    if (!table->is_proven_not_null(name)) return {};
  return by_index(action, true);
}

}  // namespace

std::optional<Remedy> remedy_for(const Statement& statement, const Script* downgrade,
                                 const Knowledge& known) {
  if (statement.actions.size() != 1) return {};
  const Action& action = statement.actions.front();
  const std::string owner =
      action.what == What::drop_index ? known.table_of_index(action.object) : action.relation;
  const Table* table = known.find(owner);
  if (known.is_new_or_empty(owner)) return {};
  const bool partitioned = table != nullptr && table->kind == 'p';
  switch (action.what) {
    case What::create_index:
      return partitioned ? std::nullopt : index(statement, action);
    case What::drop_index:
      return partitioned ? std::nullopt : drop_index(statement, action, downgrade);
    case What::reindex:
      return reindex(statement, action);
    case What::add_constraint:
      return constraint(statement, action, known);
    case What::set_not_null:
      if (!needs_scan_for_not_null(statement, action, known)) return {};
      return not_null(action);
    case What::add_column:
      return column(statement, action, known);
    default:
      return {};
  }
}

}  // namespace steward::safety
