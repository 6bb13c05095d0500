#include "runner/safety/standing.h"

#include <algorithm>

#include "runner/sql/lexer.h"
#include "runner/text.h"

namespace steward::safety {
namespace {

using sql::Kind;
using sql::Token;

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  sql::Lexer lexer;
  const char* at = text.data();
  const char* end = at + text.size();
  while (at < end) {
    const Token token = lexer.next(at, end, true);
    if (token.kind == Kind::more) break;
    if (token.kind != Kind::comment) tokens.push_back(token);
  }
  return tokens;
}

bool is(const Token& token, std::string_view text) {
  return token.kind == Kind::word ? lower(token.text()) == text
                                  : token.kind == Kind::symbol && token.text() == text;
}

// What an identifier means: folded, or without its quotes.
std::string meaning(const Token& token) {
  if (token.kind == Kind::word) return lower(token.text());
  if (token.kind != Kind::identifier) return {};
  std::string name(token.text().substr(1, token.text().size() - 2));
  for (std::size_t at = 0; (at = name.find("\"\"", at)) != std::string::npos; ++at)
    name.erase(at, 1);
  return name;
}

bool names(const std::string& text, const std::string& name) {
  const std::string last = name.substr(name.rfind('.') + 1);
  const auto tokens = tokens_of(text);
  return std::any_of(tokens.begin(), tokens.end(),
                     [&](const Token& token) { return meaning(token) == last; });
}

bool has(const std::vector<std::string>& words, const std::string& one) {
  return std::find(words.begin(), words.end(), one) != words.end();
}

std::size_t location_of(const Json& node) {
  return static_cast<std::size_t>(std::max(node.value("location", 0), 0));
}

// Without CONSTRAINT name before it and NOT VALID behind.
std::string body_of(std::string text) {
  const auto tokens = tokens_of(text);
  if (tokens.size() > 2 && is(tokens[0], "constraint"))
    text.erase(0, static_cast<std::size_t>(tokens[2].begin - text.data()));
  const auto rest = tokens_of(text);
  const std::size_t count = rest.size();
  if (count > 2 && is(rest[count - 1], "valid") && is(rest[count - 2], "not"))
    text.erase(static_cast<std::size_t>(rest[count - 2].begin - text.data()));
  return std::string(trim(text));
}

class Reader {
 public:
  Reader(std::string relation, std::string column)
      : relation_(std::move(relation)), column_(std::move(column)) {}

  void read(const Script& script, const Statement& statement) {
    for (const Action& action : statement.actions) read(script, statement, action);
  }

  Standing finish() && {
    for (const auto& [view, where] : views_) stop(where);
    if (!is_whole_) stop("its table is not made by the revisions before");
    for (const auto& [other, columns] : references_) {
      const bool through_key =
          columns.empty() ? std::any_of(found_.keys.begin(), found_.keys.end(),
                                        [](const Standing::Key& key) { return key.primary; })
                          : has(columns, column_);
      if (through_key) stop(other + " references it");
    }
    return std::move(found_);
  }

 private:
  void stop(const std::string& why) {
    if (found_.obstacle.empty()) found_.obstacle = why;
  }
  static std::string place(const Script& script, const Statement& statement) {
    return script.file + ":" + std::to_string(statement.line);
  }

  void read(const Script& script, const Statement& statement, const Action& action) {
    note_references(action);
    switch (action.what) {
      case What::create_table:
        if (action.relation == relation_) read_table(statement, *action.node);
        return;
      case What::create_view:
      case What::create_table_as:
        if (names(statement.text, relation_))
          views_.emplace_back(action.relation, "a view of its table, " + place(script, statement));
        return;
      case What::drop_view:
        std::erase_if(views_, [&](const auto& view) { return view.first == action.relation; });
        return;
      case What::comment:
        if (is_about_column(*action.node) || names_a_copy(statement.text))
          found_.remarks.push_back(statement.text + ";");
        return;
      case What::drop_index:
        std::erase_if(found_.indexes, [&](const auto& one) { return one.name == action.object; });
        return;
      default:
        if (action.relation == relation_)
          read_own(script, statement, action);
        else
          read_other(script, statement);
    }
  }

  void read_own(const Script& script, const Statement& statement, const Action& action) {
    const bool own = action.object == column_;
    switch (action.what) {
      case What::add_column:
        if (own) is_whole_ = true;
        return read_column(statement, *action.node);
      case What::create_index:
        if (names(statement.text, column_)) add_index(statement, *action.node);
        return;
      case What::add_constraint:
        return add_constraint(statement, *action.node, "");
      case What::drop_constraint:
        std::erase_if(found_.keys, [&](const auto& one) { return one.name == action.object; });
        std::erase_if(found_.checks, [&](const auto& one) { return one.name == action.object; });
        return;
      case What::set_default:
        if (own) set_default(statement);
        return;
      case What::drop_default:
        if (own) found_.default_text.clear();
        return;
      case What::drop_table:
        found_ = {};
        is_whole_ = false;
        return;
      case What::rename:
      case What::set_schema:
        return stop("it or its table got another name, " + place(script, statement));
      default:
        if (!is_harmless(action.what) &&
            (names(statement.text, column_) || names_a_copy(statement.text)))
          stop(place(script, statement) + " stands on it");
    }
  }

  bool is_about_column(const Json& node) const {
    return word(node, "objtype") == "OBJECT_COLUMN" &&
           plain(name_of_list(member(node, "object"), 1)) == relation_ &&
           last_word(list(content(member(node, "object")), "items")) == column_;
  }

  // An index or a constraint that is made anew: what is said of it would be lost.
  bool names_a_copy(const std::string& text) const {
    const auto is_named = [&text](const auto& one) { return names(text, one.name); };
    return std::any_of(found_.indexes.begin(), found_.indexes.end(), is_named) ||
           std::any_of(found_.keys.begin(), found_.keys.end(), is_named) ||
           std::any_of(found_.checks.begin(), found_.checks.end(), is_named);
  }

  // Rows, statistics and proofs do not stand on a column's type by name.
  static bool is_harmless(What what) {
    switch (what) {
      case What::alter_type:
      case What::set_not_null:
      case What::drop_not_null:
      case What::validate_constraint:
      case What::insert:
      case What::update:
      case What::delete_rows:
      case What::merge:
      case What::copy_in:
      case What::select:
      case What::truncate:
      case What::analyze:
      case What::vacuum:
      case What::create_function:
        return true;
      default:
        return false;
    }
  }

  void read_other(const Script& script, const Statement& statement) {
    if (is_harmless(statement.actions.front().what) || statement.kind == "CreateStmt" ||
        statement.kind == "AlterTableStmt" || statement.kind == "IndexStmt")
      return;
    if ((names(statement.text, relation_) && names(statement.text, column_)) ||
        names_a_copy(statement.text))
      stop(place(script, statement) + " stands on it");
  }

  void read_table(const Statement& statement, const Json& node) {
    found_ = {};
    is_whole_ = list(node, "inhRelations").empty() && !node.contains("partspec");
    for (const Json& element : list(node, "tableElts")) {
      if (element.contains("TableLikeClause")) is_whole_ = false;
      if (element.contains("ColumnDef")) read_column(statement, element["ColumnDef"]);
      if (element.contains("Constraint")) add_constraint(statement, element["Constraint"], "");
    }
  }

  // The constraints of a column, each up to where the next begins.
  void read_column(const Statement& statement, const Json& definition) {
    const std::string name = word(definition, "colname");
    const Json& constraints = list(definition, "constraints");
    if (name == column_ && names_serial(last_word(list(member(definition, "typeName"), "names")))) {
      const std::string own = relation_.substr(relation_.rfind('.') + 1);
      const std::string schema = relation_.substr(0, relation_.size() - own.size());
      found_.sequence = schema + default_name(own, {column_}, "seq");
      found_.default_text = "nextval('" + safety::quoted(found_.sequence) + "'::regclass)";
    }
    for (std::size_t i = 0; i < constraints.size(); ++i) {
      const Json& constraint = content(constraints[i]);
      std::size_t limit = std::string::npos;
      for (std::size_t next = i + 1; next < constraints.size(); ++next)
        if (!word(content(constraints[next]), "contype").starts_with("CONSTR_ATTR")) {
          limit = location_of(content(constraints[next]));
          break;
        }
      read_inline(statement, constraint, name, limit);
    }
  }

  void read_inline(const Statement& statement, const Json& constraint, const std::string& name,
                   std::size_t limit) {
    const std::string kind = word(constraint, "contype");
    if (kind == "CONSTR_DEFAULT" && name == column_) {
      const std::string text = clause_at(statement.text, location_of(constraint), limit);
      found_.default_text = std::string(trim(std::string_view(text).substr(7)));  // DEFAULT
    } else if (kind == "CONSTR_IDENTITY" && name == column_) {
      stop("it is an identity column");
    } else if (kind == "CONSTR_GENERATED" &&
               (name == column_ || has(columns_in(member(constraint, "raw_expr")), column_))) {
      stop("a generated column stands on it");
    } else {
      add_constraint(statement, constraint, name, limit);
    }
  }

  void add_constraint(const Statement& statement, const Json& node, const std::string& column,
                      std::size_t limit = std::string::npos) {
    const std::string kind = word(node, "contype");
    const Constraint made = constraint_in(node, relation_, column);
    if (kind == "CONSTR_EXCLUSION") {
      if (names(statement.text, column_)) stop("an exclusion constraint stands on it");
    } else if (kind == "CONSTR_PRIMARY" || kind == "CONSTR_UNIQUE") {
      add_key(node, made);
    } else if (kind == "CONSTR_CHECK" ? has(made.mentions, column_)
                                      : kind == "CONSTR_FOREIGN" && has(made.columns, column_)) {
      std::string body = body_of(clause_at(statement.text, location_of(node), limit));
      if (kind == "CONSTR_FOREIGN" && !column.empty())
        body = "FOREIGN KEY (" + quoted(column) + ") " + body;
      found_.checks.push_back({made.name, body});
    }
  }

  void add_key(const Json& node, const Constraint& made) {
    std::vector<std::string> columns = made.columns;
    if (node.contains("indexname")) {
      const std::string adopted = word(node, "indexname");
      const auto index = std::find_if(found_.indexes.begin(), found_.indexes.end(),
                                      [&](const auto& one) { return one.name == adopted; });
      if (index == found_.indexes.end()) return;
      found_.indexes.erase(index);
      return stop("a key adopted an index on it");
    }
    if (!has(columns, column_)) return;
    if (flag(node, "deferrable") || flag(node, "nulls_not_distinct") ||
        !list(node, "including").empty() || !list(node, "options").empty())
      return stop("the key " + made.name + " has options");
    found_.keys.push_back({made.name, made.kind == 'p', columns});
  }

  void add_index(const Statement& statement, const Json& node) {
    Standing::Index index{word(node, "idxname"), statement.text};
    if (index.name.empty()) {
      std::vector<std::string> columns;
      for (const Json& item : list(node, "indexParams"))
        columns.push_back(content(item).contains("name") ? word(content(item), "name") : "expr");
      index.name = default_name(relation_, columns, "idx");
    }
    found_.indexes.push_back(std::move(index));
  }

  void set_default(const Statement& statement) {
    const std::size_t at = find_word(statement.text, "default");
    if (statement.actions.size() != 1 || at == std::string::npos)
      return stop("its default was set among other changes");
    found_.default_text = std::string(trim(std::string_view(statement.text).substr(at + 7)));
  }

  // Foreign keys of other tables, or of this one, to this one.
  void note_references(const Action& action) {
    const auto note = [&](const Json& constraint) {
      if (word(constraint, "contype") != "CONSTR_FOREIGN" ||
          plain(name_in(member(constraint, "pktable"))) != relation_)
        return;
      references_.emplace_back(action.relation, words_of(list(constraint, "pk_attrs")));
    };
    if (action.what == What::add_constraint) note(*action.node);
    const auto note_column = [&](const Json& definition) {
      for (const Json& item : list(definition, "constraints")) note(content(item));
    };
    if (action.what == What::add_column) note_column(*action.node);
    if (action.what != What::create_table && action.what != What::create_partition) return;
    for (const Json& element : list(*action.node, "tableElts"))
      if (element.contains("ColumnDef"))
        note_column(element["ColumnDef"]);
      else
        note(content(element));
  }

  std::string relation_;
  std::string column_;
  bool is_whole_ = false;
  Standing found_;
  std::vector<std::pair<std::string, std::string>> views_;
  std::vector<std::pair<std::string, std::vector<std::string>>> references_;
};

}  // namespace

Standing standing_on(const std::string& relation, const std::string& column,
                     const std::vector<const Subject*>& before) {
  Reader reader(relation, column);
  for (const Subject* subject : before)
    for (const Statement& statement : subject->upgrade.statements)
      reader.read(subject->upgrade, statement);
  return std::move(reader).finish();
}

std::string clause_at(const std::string& text, std::size_t from, std::size_t limit) {
  const std::string_view rest = std::string_view(text).substr(std::min(from, text.size()));
  std::size_t end = std::min(rest.size(), limit == std::string::npos ? rest.size() : limit - from);
  int depth = 0;
  for (const Token& token : tokens_of(rest)) {
    if (is(token, "(") || is(token, "[")) ++depth;
    if (is(token, ")") || is(token, "]")) --depth;
    if (depth >= 0 && !(depth == 0 && is(token, ","))) continue;
    end = std::min(end, static_cast<std::size_t>(token.begin - rest.data()));
    break;
  }
  return std::string(trim(rest.substr(0, end)));
}

std::size_t find_word(const std::string& text, std::string_view word, std::size_t from) {
  int depth = 0;
  const std::string_view rest = std::string_view(text).substr(from);
  for (const Token& token : tokens_of(rest)) {
    if (is(token, "(")) ++depth;
    if (is(token, ")")) --depth;
    if (depth == 0 && is(token, word))
      return from + static_cast<std::size_t>(token.begin - rest.data());
  }
  return std::string::npos;
}

std::string index_on(const std::string& text, const std::string& name, const std::string& from,
                     const std::string& to) {
  const std::size_t on = find_word(text, "on");
  const bool unique = find_word(text, "unique") < on;
  std::string result = std::string("CREATE ") + (unique ? "UNIQUE " : "") + "INDEX CONCURRENTLY " +
                       quoted(name) + " ";
  const std::string_view rest = std::string_view(text).substr(on);
  const std::vector<Token> tokens = tokens_of(rest);
  std::size_t copied = 0;
  bool in_columns = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    in_columns = in_columns || is(tokens[i], "(");
    const bool called = i + 1 < tokens.size() && is(tokens[i + 1], "(");
    const bool cast = i > 0 && is(tokens[i - 1], ":");
    if (!in_columns || called || cast || meaning(tokens[i]) != from) continue;
    const auto begin = static_cast<std::size_t>(tokens[i].begin - rest.data());
    result += rest.substr(copied, begin - copied);
    result += quoted(to);
    copied = begin + tokens[i].text().size();
  }
  return result + std::string(rest.substr(copied));
}

}  // namespace steward::safety
