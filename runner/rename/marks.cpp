#include "runner/rename/marks.h"

#include <algorithm>
#include <array>

#include "runner/diff/builder.h"
#include "runner/sql.h"
#include "runner/sql/lexer.h"
#include "runner/text.h"

namespace steward::rename {
namespace {

using snapshot::Fact;
using snapshot::Snapshot;

struct Token {
  sql::Kind kind;
  std::string text;
  std::uint64_t line;
};

struct Lines {
  std::vector<Token> code;
  std::vector<Token> comments;
};

Error bad(const std::string& file, std::uint64_t line, const std::string& what,
          const std::string& detail = {}) {
  Place place;
  place.file = file;
  place.line = line;
  return Error(Exit::usage, "bad_mark", what, detail,
               "write -- was: old_name on the line of the table's or column's name, or above it")
      .at(std::move(place));
}

// A comment of any length may come in several tokens; only its beginning counts.
Lines tokens_of(const std::string& text, std::uint64_t line) {
  Lines lines;
  sql::Lexer lexer;
  const char *at = text.data(), *end = at + text.size(), *seen = at;
  const sql::Token* last = nullptr;
  sql::Token previous{};
  while (at < end) {
    const sql::Token token = lexer.next(at, end, true);
    if (token.kind == sql::Kind::more) break;
    line += static_cast<std::uint64_t>(std::count(seen, token.begin, '\n'));
    seen = token.begin;
    const bool goes_on = last != nullptr && previous.end == token.begin &&
                         previous.kind == token.kind && token.kind == sql::Kind::comment;
    if (!goes_on)
      (token.kind == sql::Kind::comment ? lines.comments : lines.code)
          .push_back({token.kind, std::string(token.text()), line});
    previous = token;
    last = &previous;
  }
  return lines;
}

std::string unquoted(const std::string& text, char quote) {
  std::string result;
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    result += text[at];
    if (text[at] == quote) ++at;
  }
  return result;
}

bool is_name(const Token& token) {
  return token.kind == sql::Kind::word || token.kind == sql::Kind::identifier;
}

// As the server keeps it.
std::string name_of(const Token& token) {
  return token.kind == sql::Kind::identifier ? unquoted(token.text, '"') : lower(token.text);
}

// The parts of a name as the server writes it, without their quotes: {"public", "Order Items"}.
Name parts_of(const std::string& identity) {
  Name parts(1);
  bool quoted = false;
  for (std::size_t at = 0; at < identity.size(); ++at) {
    const char c = identity[at];
    if (c == '"' && quoted && at + 1 < identity.size() && identity[at + 1] == '"')
      parts.back() += identity[++at];
    else if (c == '"')
      quoted = !quoted;
    else if (c == '.' && !quoted)
      parts.emplace_back();
    else if ((c == '(' || c == ' ') && !quoted)
      break;  // arguments, or what it is on
    else
      parts.back() += c;
  }
  return parts;
}

bool ends_with(const Name& name, const Name& end) {
  return name.size() >= end.size() && std::equal(end.rbegin(), end.rend(), name.rbegin());
}

bool is_word(const Token& token, std::string_view word) {
  return token.kind == sql::Kind::word && lower(token.text) == word;
}

// "-- was: title" -> "title"; empty: another comment. A quoted name ends at its quote, a plain one
// at the next blank.
std::string was_in(const Token& comment) {
  std::string_view text = trim(comment.text);
  if (!text.starts_with("--")) return {};
  text = trim(text.substr(2));
  static constexpr std::string_view word = "was:";
  if (!text.starts_with(word)) return {};
  text = trim(text.substr(word.size()));
  if (!text.empty() && (text[0] == '"' || text[0] == '\'')) {
    const std::size_t end = text.find(text[0], 1);
    return std::string(text.substr(0, end == text.npos ? end : end + 1));
  }
  return std::string(text.substr(0, text.find_first_of(" \t\r,;")));
}

// Where in the statement the name of what it makes or changes begins: CREATE ... TABLE name.
std::optional<std::size_t> name_at(const std::vector<Token>& code) {
  static constexpr std::array<std::string_view, 11> kinds = {
      "table",  "view",     "type",      "domain", "sequence", "index",
      "schema", "function", "procedure", "policy", "trigger"};
  static constexpr std::array<std::string_view, 6> between = {"if",   "not",          "exists",
                                                              "only", "concurrently", "foreign"};
  if (code.empty() || (!is_word(code[0], "create") && !is_word(code[0], "alter"))) return {};
  for (std::size_t at = 1; at < code.size() && code[at].kind == sql::Kind::word; ++at) {
    if (std::find(kinds.begin(), kinds.end(), lower(code[at].text)) == kinds.end()) continue;
    for (++at; at < code.size(); ++at)
      if (std::find(between.begin(), between.end(), lower(code[at].text)) == between.end())
        return is_name(code[at]) ? std::optional(at) : std::nullopt;
  }
  return {};
}

// app.todo from there on; `at` is then the last token of it.
Name qualified_name(const std::vector<Token>& code, std::size_t& at) {
  Name name{name_of(code[at])};
  while (at + 2 < code.size() && code[at + 1].text == "." && is_name(code[at + 2])) {
    at += 2;
    name.push_back(name_of(code[at]));
  }
  return name;
}

// The name of the element whose line this is: of a column, or what follows CONSTRAINT or COLUMN.
const Token* element_on(const std::vector<Token>& code, std::uint64_t line) {
  const Token* first = nullptr;
  for (std::size_t at = 0; at < code.size(); ++at) {
    if (code[at].line != line) continue;
    const bool named = is_word(code[at], "constraint") || is_word(code[at], "column");
    if (named && at + 1 < code.size() && is_name(code[at + 1])) return &code[at + 1];
    if (first == nullptr && (is_name(code[at]) || code[at].kind == sql::Kind::literal))
      first = &code[at];
  }
  return first;
}

// The line that the comment speaks of: its own, where code stands before it, else the next.
std::uint64_t line_meant(const std::vector<Token>& code, std::uint64_t line) {
  for (const Token& token : code)
    if (token.line >= line) return token.line;
  return 0;
}

class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  void statement(const Lines& lines) {
    for (const Token& comment : lines.comments) {
      const std::string was = was_in(comment);
      if (was.empty()) continue;
      // What stands behind the last statement's semicolon is about that one.
      const bool trails = !last_.empty() && comment.line == last_.back().line;
      mark(trails ? last_ : lines.code, comment.line, was);
    }
    if (!lines.code.empty()) last_ = lines.code;
  }

  std::vector<Mark> marks;

 private:
  void mark(const std::vector<Token>& code, std::uint64_t line, const std::string& was) {
    const auto start = name_at(code);
    if (!start) throw bad(file_, line, "this -- was: stands by nothing that has a name");
    std::size_t end = *start;
    Mark mark;
    mark.object = qualified_name(code, end);
    mark.file = file_;
    mark.line = line;
    const std::uint64_t meant = line_meant(code, line);
    const bool alters = is_word(code[0], "alter");
    const Token* element =
        meant > code[end].line || (alters && meant != 0) ? element_on(code, meant) : nullptr;
    if (element != nullptr) set_part(mark, *element);
    mark.was = old_name(was, mark.label);
    marks.push_back(std::move(mark));
  }

  static void set_part(Mark& mark, const Token& element) {
    mark.label = element.kind == sql::Kind::literal;
    mark.part = mark.label ? unquoted(element.text, '\'') : name_of(element);
  }

  std::string file_;
  std::vector<Token> last_;
};

std::vector<const Fact*> objects_named(const Mark& mark, const Snapshot& schema) {
  std::vector<const Fact*> found;
  for (const auto& [id, fact] : schema.facts)
    if (fact.kind != "column" && can_rename(fact) &&
        ends_with(parts_of(fact.identity), mark.object))
      found.push_back(&fact);
  return found;
}

const Fact* part_named(const Snapshot& schema, const Fact& object, const std::string& name) {
  for (const auto& [id, fact] : schema.facts)
    if (fact.parent == object.id &&
        (fact.kind == "column" || fact.kind == "constraint" || fact.kind == "policy") &&
        parts_of(fact.identity).back() == name)
      return &fact;
  return nullptr;
}

bool is_part_of_type(const Mark& mark, const Fact& object) {
  return mark.label || (!mark.part.empty() && object.value("attributes").is_array());
}

// The fact of the new name: the object, or a part of it.
const Fact* marked(const Mark& mark, const Fact& object, const Snapshot& wanted) {
  if (mark.part.empty() || is_part_of_type(mark, object)) return &object;
  return part_named(wanted, object, mark.part);
}

// What has the old name, where the new one is.
const Fact* old_one(const Mark& mark, const Fact& fact, const Snapshot& schema) {
  for (const auto& [id, old] : schema.facts)
    if (old.kind == fact.kind && old.parent == fact.parent &&
        parts_of(old.identity).back() == mark.was)
      return &old;
  return nullptr;
}

// A value or an attribute of the type, as the server writes it; empty: it has none of that name.
std::string part_in(const Fact& type, const std::string& name) {
  for (const Json& label : type.value("labels"))
    if (label == name) return name;
  for (const Json& attribute : type.value("attributes"))
    if (parts_of(attribute.at("name")).back() == name) return attribute.at("name");
  return {};
}

std::optional<Rename> part_of_type(const Mark& mark, const Fact* before, const Fact& after) {
  if (before == nullptr || !part_in(*before, mark.part).empty()) return {};
  const std::string old = part_in(*before, mark.was), fresh = part_in(after, mark.part);
  if (old.empty() || fresh.empty()) return {};
  Rename rename = mark.label ? of_label(*before, old, fresh) : of_attribute(*before, old, fresh);
  rename.evidence = "was: in " + mark.file + ":" + std::to_string(mark.line);
  return rename;
}

}  // namespace

std::string old_name(const std::string& written, bool label) {
  if (written[0] == '"' || written[0] == '\'') return unquoted(written, written[0]);
  return label ? written : lower(written.substr(written.rfind('.') + 1));
}

std::vector<Mark> marks_in(std::string_view script, const std::string& file, std::uint64_t line) {
  Reader reader(file);
  if (script.find("was:") == script.npos) return {};
  sql::Splitter splitter(sql::source_of(script), file, line);
  sql::Statement statement;
  while (splitter.next(statement)) {
    reader.statement(tokens_of(statement.text, statement.line));
    for (std::string rows; statement.copy_in && splitter.data(rows);) continue;
  }
  return std::move(reader.marks);
}

std::optional<Rename> resolve(const Mark& mark, const Snapshot& schema, const Snapshot& wanted,
                              Taken taken) {
  std::vector<const Fact*> found;
  for (const Fact* object : objects_named(mark, wanted))
    if (const Fact* fact = marked(mark, *object, wanted)) found.push_back(fact);
  if (found.empty()) return {};  // made and dropped again by the files themselves
  if (found.size() > 1) {
    std::string names;
    for (const Fact* fact : found) names += (names.empty() ? "" : "\n") + fact->id;
    throw bad(mark.file, mark.line, "several things have the name " + joined(mark.object, "."),
              names);
  }
  const Fact& fact = *found.front();
  if (is_part_of_type(mark, fact)) return part_of_type(mark, schema.find(fact.id), fact);
  if (taken == Taken::is_done && schema.find(fact.id) != nullptr) return {};
  const Fact* before = old_one(mark, fact, schema);
  if (before == nullptr) return {};
  Rename rename = of_fact(*before, name_alone(fact));
  rename.evidence = "was: in " + mark.file + ":" + std::to_string(mark.line);
  return rename;
}

}  // namespace steward::rename
