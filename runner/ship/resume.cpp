#include "runner/ship/resume.h"

#include <cctype>

namespace steward::ship {
namespace {

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' ||
         (static_cast<unsigned char>(c) & 0x80);
}

// Names and words of a statement's head, one by one, over space and comments.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}

  // The next word as written, with its quotes; a qualified name is one word. Empty at anything
  // else.
  std::string next() {
    skip();
    std::size_t end = 0;
    while (end < rest_.size() &&
           (is_word_character(rest_[end]) || rest_[end] == '"' || rest_[end] == '.'))
      end = rest_[end] == '"' ? after_quoted(end) : end + 1;
    std::string word(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return word;
  }

 private:
  std::size_t after_quoted(std::size_t quote) const {
    std::size_t end = rest_.find('"', quote + 1);
    while (end != std::string_view::npos && rest_.substr(end, 2) == "\"\"")
      end = rest_.find('"', end + 2);
    return end == std::string_view::npos ? rest_.size() : end + 1;
  }

  void skip() {
    std::string_view before;
    do {
      before = rest_;
      while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_[0])))
        rest_.remove_prefix(1);
      if (rest_.starts_with("--")) rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
      if (rest_.starts_with("/*"))
        rest_.remove_prefix(std::min(rest_.find("*/"), rest_.size() - 2) + 2);
    } while (rest_.size() != before.size());
  }

  std::string_view rest_;
};

std::string upper(std::string word) {
  for (char& c : word) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return word;
}

// The name without its quotes, folded as the server folds it.
std::string folded(const std::string& name) {
  std::string out;
  if (!name.starts_with('"')) {
    for (char c : name) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
  }
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    out += name[i];
    if (name[i] == '"') ++i;
  }
  return out;
}

}  // namespace

std::optional<ConcurrentIndex> concurrent_index(const sql::Statement& statement) {
  Words words(std::string_view(statement.text).substr(statement.first));
  if (upper(words.next()) != "CREATE") return std::nullopt;
  std::string word = upper(words.next());
  if (word == "UNIQUE") word = upper(words.next());
  if (word != "INDEX" || upper(words.next()) != "CONCURRENTLY") return std::nullopt;
  ConcurrentIndex index;
  word = words.next();
  if (upper(word) == "IF" && upper(words.next()) == "NOT" && upper(words.next()) == "EXISTS")
    word = words.next();
  if (upper(word) != "ON") {
    index.name = folded(word);
    word = words.next();
  }
  if (upper(word) != "ON") return std::nullopt;
  word = words.next();
  index.table = upper(word) == "ONLY" ? words.next() : word;
  return index;
}

std::string dropped_index(const sql::Statement& statement) {
  Words words(std::string_view(statement.text).substr(statement.first));
  if (upper(words.next()) != "DROP" || upper(words.next()) != "INDEX") return "";
  if (upper(words.next()) != "CONCURRENTLY") return "";
  const std::string word = words.next();
  return upper(word) == "IF" ? "" : word;
}

bool sets_session(const sql::Statement& statement) {
  const std::string& words = statement.words;
  return words.starts_with("RESET ") ||
         (words.starts_with("SET ") && !words.starts_with("SET CONSTRAINTS") &&
          !words.starts_with("SET TRANSACTION") && !words.starts_with("SET LOCAL"));
}

bool commits_with_its_mark(const sql::Statement& statement) {
  const std::string& words = statement.words;
  const bool may_commit = words == "DO" || words.starts_with("DO ") || words.starts_with("CALL ");
  return !may_commit && !sql::runs_outside_transaction(statement) &&
         !sql::controls_transaction(statement);
}

Resumed find_open_step(pg::Connection& connection, const plan::Step& step) {
  pg::Rows rows = connection.query(
      "SELECT statements_done FROM steward.open_step WHERE revision = $1 AND direction = $2",
      {step.file->id, std::string(plan::name_of(step.direction))});
  if (rows.empty()) return {};
  return {true, static_cast<int>(rows.number(0, 0))};
}

bool done_already(pg::Connection& connection, const sql::Statement& statement) {
  if (const std::string dropped = dropped_index(statement); !dropped.empty())
    return connection.query("SELECT pg_catalog.to_regclass($1) IS NULL", {dropped}).flag(0, 0);
  std::optional<ConcurrentIndex> index = concurrent_index(statement);
  if (!index) return false;
  pg::Rows rows = connection.query(
      "SELECT c.oid::pg_catalog.regclass::text, i.indisvalid FROM pg_catalog.pg_index AS i "
      "JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid "
      "WHERE i.indrelid = pg_catalog.to_regclass($1) AND (c.relname = $2 OR ($2 = '' AND NOT "
      "i.indisvalid))",
      {index->table, index->name});
  if (rows.empty()) return false;
  if (rows.flag(0, 1)) return true;
  connection.run("DROP INDEX CONCURRENTLY " + std::string(rows.text(0, 0)));
  return false;
}

}  // namespace steward::ship
