#include "runner/squash/parts.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "runner/sql.h"
#include "runner/sql/lexer.h"
#include "runner/squash/settings.h"
#include "runner/text.h"

namespace steward::squash {
namespace {

using revision::File;

// What the members of a part have said so far.
struct Said {
  revision::Options upgrade;
  std::optional<revision::Options> downgrade;
  std::map<std::string, std::optional<std::string>> variables;
  std::set<std::string> undeclared;           // names of ${name} that stand for themselves
  std::string lasting;                        // why nothing may follow
  std::set<std::string> enums;                // types that were made in the part
  std::map<std::string, std::string> values;  // literals added to other enums, and by whom
};

std::string of(const char* option, const std::string& theirs, const std::string& ours) {
  return std::string("its ") + option + " is " + (theirs.empty() ? "the default" : theirs) +
         ", not " + (ours.empty() ? "the default" : ours);
}

std::string different(const revision::Options& theirs, const revision::Options& ours) {
  if (theirs.role != ours.role) return of("role", theirs.role, ours.role);
  if (theirs.lock_timeout != ours.lock_timeout)
    return of("lock_timeout", theirs.lock_timeout, ours.lock_timeout);
  if (theirs.statement_timeout != ours.statement_timeout)
    return of("statement_timeout", theirs.statement_timeout, ours.statement_timeout);
  return {};
}

bool inside(const File& file) {
  return file.upgrade.options.transaction &&
         (!file.downgrade || file.downgrade->options.transaction);
}

// The names of all ${name} in a text.
std::set<std::string> names_in(std::string_view text) {
  std::set<std::string> names;
  for (std::size_t at = text.find("${"); at != text.npos; at = text.find("${", at + 2)) {
    const std::size_t close = text.find('}', at);
    if (close != text.npos) names.emplace(text.substr(at + 2, close - at - 2));
  }
  return names;
}

std::string scripts_of(const File& file) {
  std::string text = revision::text(file, file.upgrade);
  if (file.downgrade) text += "\n" + revision::text(file, *file.downgrade);
  return text;
}

// A name that one of them fills in must be the same in all: replacing is lexical.
std::string variable_trouble(const Said& said, const File& file, const std::string& text) {
  std::set<std::string> own;
  for (const revision::Variable& variable : file.variables) {
    own.insert(variable.name);
    const auto known = said.variables.find(variable.name);
    if (known != said.variables.end() && known->second != variable.value)
      return "its variable " + variable.name + " has another default";
    if (said.undeclared.contains(variable.name))
      return "its variable " + variable.name + " is plain text in those before it";
  }
  for (const std::string& name : names_in(text))
    if (!own.contains(name) && said.variables.contains(name))
      return "${" + name + "} is plain text in it, and a variable before it";
  return {};
}

// What ALTER TYPE ... ADD VALUE and CREATE TYPE ... AS ENUM name, lexically.
struct Enums {
  std::set<std::string> made;
  std::map<std::string, std::string> added;  // literal: type
};

void take_type(Enums& enums, const sql::Statement& statement) {
  std::vector<std::string> words;
  std::string literal;
  sql::Lexer lexer;
  const char* at = statement.text.data();
  const char* const end = at + statement.text.size();
  for (sql::Token token = lexer.next(at, end, true); token.kind != sql::Kind::more;
       token = lexer.next(at, end, true)) {
    if (token.kind == sql::Kind::comment) continue;
    if (token.kind == sql::Kind::literal && literal.empty()) literal = token.text();
    if (literal.empty()) words.push_back(lower(token.text()));
  }
  const auto found = [&words](const char* word) {
    return std::find(words.begin(), words.end(), word);
  };
  const bool made = statement.words.starts_with("CREATE TYPE") && found("enum") != words.end();
  const auto behind = made ? found("as") : found("add");
  if (behind == words.end() || behind == words.begin()) return;
  const std::string name = *(behind - 1);
  if (made)
    enums.made.insert(name);
  else if (found("value") != words.end())
    enums.added.emplace(literal, name);
}

Enums enums_in(const File& file) {
  Enums enums;
  const std::string script = revision::text(file, file.upgrade);
  sql::Splitter splitter(sql::source_of(script), file.path.string(), file.upgrade.line);
  std::string rows;
  for (sql::Statement statement; splitter.next(statement);) {
    while (statement.copy_in && splitter.data(rows)) continue;
    if (statement.words.starts_with("ALTER TYPE") || statement.words.starts_with("CREATE TYPE"))
      take_type(enums, statement);
  }
  return enums;
}

// PostgreSQL refuses a new value in the transaction that added it to an older type.
std::string enum_trouble(const Said& said, const std::string& text) {
  for (const auto& [literal, by] : said.values)
    if (text.find(literal) != text.npos)
      return "it uses " + literal + ", which " + by +
             " adds to an enum: a new value cannot be used in the transaction that added it";
  return {};
}

// Each section for itself: a script's end closes what it left open.
std::string settings_trouble(const File& file) {
  std::vector<const revision::Section*> sections{&file.upgrade};
  if (file.downgrade) sections.push_back(&*file.downgrade);
  for (const revision::Section* section : sections) {
    const std::string trouble =
        settings_in(revision::text(file, *section), file.path.string()).trouble;
    if (!trouble.empty()) return "the `" + trouble + "` of " + file.id + " cannot be taken back";
  }
  return {};
}

std::string trouble(const Said& said, const File& file, const std::string& text) {
  if (std::string why = different(file.upgrade.options, said.upgrade); !why.empty()) return why;
  if (file.downgrade && said.downgrade)
    if (std::string why = different(file.downgrade->options, *said.downgrade); !why.empty())
      return why;
  if (std::string why = variable_trouble(said, file, text); !why.empty()) return why;
  if (std::string why = enum_trouble(said, text); !why.empty()) return why;
  return said.lasting.empty() ? settings_trouble(file) : said.lasting;
}

void take(Said& said, const File& file, const std::string& text) {
  said.upgrade = file.upgrade.options;
  if (file.downgrade) said.downgrade = file.downgrade->options;
  std::set<std::string> own;
  for (const revision::Variable& variable : file.variables) {
    said.variables[variable.name] = variable.value;
    own.insert(variable.name);
  }
  for (const std::string& name : names_in(text))
    if (!own.contains(name)) said.undeclared.insert(name);
  said.lasting = settings_trouble(file);
  Enums enums = enums_in(file);
  said.enums.merge(enums.made);
  for (const auto& [literal, type] : enums.added)
    if (!said.enums.contains(type)) said.values.emplace(literal, file.id);
}

std::string name_of(const Part& part) {
  return part.members.front()->id + ":" + part.members.back()->id;
}

}  // namespace

std::vector<Part> parts_of(const Members& line) {
  std::vector<Part> parts;
  Said said;
  for (const File* file : line) {
    const std::string text = scripts_of(*file);
    const bool alone = !inside(*file) || (!parts.empty() && !inside(*parts.back().members.back()));
    std::string why = parts.empty() ? "" : trouble(said, *file, text);
    if (alone && !parts.empty())
      why = inside(*file) ? "the one before it runs outside a transaction"
                          : "it runs outside a transaction (transaction=off)";
    if (parts.empty() || !why.empty()) {
      parts.push_back({{}, {parts.empty() ? nullptr : file, why}});
      said = {};
    }
    parts.back().members.push_back(file);
    take(said, *file, text);
  }
  return parts;
}

void require_one(const std::vector<Part>& parts) {
  if (parts.size() < 2) return;
  std::string reasons, ranges;
  for (const Part& part : parts) {
    if (part.obstacle.file != nullptr)
      reasons += (reasons.empty() ? "" : "\n") + part.obstacle.file->id + ": " + part.obstacle.why;
    if (part.members.size() > 1) ranges += (ranges.empty() ? "" : ", ") + name_of(part);
  }
  throw Error(Exit::refused, "cannot_share",
              "revision \"" + parts[1].obstacle.file->id +
                  "\" cannot share a transaction with those before it",
              reasons,
              ranges.empty() ? "nothing in this range can be squashed"
                             : "--split makes one of each of " + ranges + " and leaves the others");
}

}  // namespace steward::squash
