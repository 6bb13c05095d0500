#include "runner/safety/script.h"

#include <utility>

#include "runner/parser.h"
#include "runner/safety/predict.h"
#include "runner/safety/tree.h"
#include "runner/text.h"

namespace steward::safety {
namespace {

constexpr std::string_view mark = "allow:";

// The comments above a statement's first word.
void read_allowances(Script& script, const sql::Statement& from, int number) {
  std::uint64_t line = from.line;
  std::string_view above = std::string_view(from.text).substr(0, from.first);
  for (std::string_view rest : split(above, '\n')) {
    std::string_view text = trim(rest);
    if (text.starts_with("--")) text = trim(text.substr(2));
    if (text.size() < rest.size() && text.starts_with(mark)) {
      text = trim(text.substr(mark.size()));
      const std::size_t space = std::min(text.find_first_of(" \t"), text.size());
      script.allowed.push_back({std::string(text.substr(0, space)),
                                std::string(trim(text.substr(space))), line, number});
    }
    ++line;
  }
}

std::string body_of(const sql::Statement& from) {
  std::string text = from.text.substr(from.first);
  while (!text.empty() && (is_space(text.back()) || text.back() == ';')) text.pop_back();
  return text;
}

Statement statement_of(const sql::Statement& from) {
  Statement statement;
  statement.number = from.number;
  statement.line = from.first_line;
  statement.text = body_of(from);
  statement.words = from.words;
  std::optional<Json> tree = parser::parse(from.text.substr(from.first));
  if (!tree || !tree->is_object() || tree->empty()) {
    statement.tree = std::make_shared<Json>(Json::object());
    statement.actions.push_back({What::unknown, "", "", statement.tree.get()});
    statement.effects.known = false;
    statement.outside = sql::runs_outside_transaction(from);
    return statement;
  }
  statement.tree = std::make_shared<Json>(std::move(*tree));
  statement.kind = statement.tree->items().begin().key();
  statement.effects = effects_of_tree(*statement.tree);
  statement.actions = actions_in(statement.kind, content(*statement.tree));
  for (Touch& touch : statement.effects.touches) touch.relation = plain(touch.relation);
  statement.outside = statement.effects.outside;
  return statement;
}

}  // namespace

void read_statements(Script& script, const std::string& text, std::uint64_t line) {
  sql::Splitter splitter(sql::source_of(text), script.file, line);
  for (sql::Statement next; splitter.next(next);) {
    for (std::string rows; next.copy_in && splitter.data(rows);) continue;
    if (next.number == 0) continue;
    read_allowances(script, next, next.number);
    script.statements.push_back(statement_of(next));
  }
}

}  // namespace steward::safety
