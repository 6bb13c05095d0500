#include "runner/squash/settings.h"

#include <algorithm>

#include "runner/sql.h"
#include "runner/sql/lexer.h"
#include "runner/text.h"

namespace steward::squash {
namespace {

using Tokens = std::vector<std::string>;  // words in lower case, the rest as it stands

Tokens tokens_of(const std::string& text) {
  Tokens tokens;
  sql::Lexer lexer;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (sql::Token token = lexer.next(at, end, true); token.kind != sql::Kind::more;
       token = lexer.next(at, end, true))
    if (token.kind == sql::Kind::word)
      tokens.push_back(lower(token.text()));
    else if (token.kind != sql::Kind::comment)
      tokens.emplace_back(token.text());
  tokens.resize(tokens.size() + 4);  // so that a few more can be asked for
  return tokens;
}

// The name that stands there: `x`, `a.b`, "X", or one of those with words of their own.
std::string name_at(const Tokens& tokens, std::size_t at) {
  if (tokens[at] == "time" && tokens[at + 1] == "zone") return "timezone";
  std::string name = tokens[at];
  std::erase(name, '"');
  if (tokens[at + 1] == ".") name += "." + tokens[at + 2];
  return lower(name);
}

bool has_no_name(const std::string& word) {
  return word == "all" || word == "session" || word == "session_authorization" ||
         word == "constraints" || word == "transaction" || word.empty();
}

// What an earlier squash keeps there is its own, and given back by it.
constexpr std::string_view own = "squash.";

void add(Settings& settings, const std::string& name) {
  auto& names = settings.names;
  if (name.starts_with(own)) return;
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

// SET [LOCAL | SESSION] name, RESET name.
void take_set(Settings& settings, const Tokens& tokens) {
  const bool scope =
      tokens[1] == "local" ||
      (tokens[1] == "session" && tokens[2] != "authorization" && tokens[2] != "characteristics");
  const std::size_t at = scope ? 2 : 1;
  if (has_no_name(tokens[at]))
    settings.trouble = lower(tokens[0]) + " " + tokens[at];
  else
    add(settings, name_at(tokens, at));
}

void take_calls(Settings& settings, const Tokens& tokens) {
  for (std::size_t at = 0; at + 2 < tokens.size(); ++at) {
    if (tokens[at] != "set_config" || tokens[at + 1] != "(") continue;
    const std::string& name = tokens[at + 2];
    if (name.size() > 2 && name.starts_with('\'') && name.ends_with('\''))
      add(settings, lower(name.substr(1, name.size() - 2)));
    else
      settings.trouble = "set_config(" + name;
  }
}

// A setting's own place to be kept in.
std::string kept_as(std::string name) {
  std::replace(name.begin(), name.end(), '.', '_');
  return std::string(own) + name;
}

}  // namespace

Settings settings_in(const std::string& script, const std::string& file) {
  Settings settings;
  sql::Splitter splitter(sql::source_of(script), file);
  std::string rows;
  for (sql::Statement statement; splitter.next(statement);) {
    while (statement.copy_in && splitter.data(rows)) continue;
    if (statement.number == 0) continue;
    const bool sets = statement.words.starts_with("SET ") || statement.words.starts_with("RESET ");
    if (statement.words.starts_with("DISCARD")) settings.trouble = "discard";
    if (!sets && lower(statement.text).find("set_config") == std::string::npos) continue;
    const Tokens tokens = tokens_of(statement.text);
    if (sets)
      take_set(settings, tokens);
    else
      take_calls(settings, tokens);
  }
  return settings;
}

std::string keep(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += "SELECT pg_catalog.set_config(" + quote_literal(kept_as(name)) +
            ", coalesce(pg_catalog.current_setting(" + quote_literal(name) +
            ", true), ''), true);\n";
  return text;
}

std::string give_back(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += "SELECT pg_catalog.set_config(" + quote_literal(name) +
            ", pg_catalog.current_setting(" + quote_literal(kept_as(name)) + "), true);\n";
  return text;
}

}  // namespace steward::squash
