#include <algorithm>
#include <array>

#include "runner/sql.h"
#include "runner/sql/lexer.h"
#include "runner/text.h"

namespace steward::sql {
namespace {

// Whether words begin with these, as whole words.
bool begins(std::string_view words, std::string_view with) {
  return words.starts_with(with) && (words.size() == with.size() || words[with.size()] == ' ');
}

template <std::size_t Size>
bool begins_with_one_of(std::string_view words, const std::array<std::string_view, Size>& list) {
  return std::any_of(list.begin(), list.end(),
                     [&](std::string_view with) { return begins(words, with); });
}

constexpr std::array<std::string_view, 13> always_outside{
    "VACUUM",
    "CREATE DATABASE",
    "DROP DATABASE",
    "CREATE TABLESPACE",
    "DROP TABLESPACE",
    "ALTER SYSTEM",
    "DISCARD ALL",
    "REINDEX DATABASE",
    "REINDEX SYSTEM",
    "REINDEX SCHEMA",
    "COMMIT PREPARED",
    "ROLLBACK PREPARED",
    "DROP SUBSCRIPTION",
};

constexpr std::array<std::string_view, 3> concurrent_indexes{
    "CREATE INDEX CONCURRENTLY", "CREATE UNIQUE INDEX CONCURRENTLY", "DROP INDEX CONCURRENTLY"};

constexpr std::array<std::string_view, 7> transaction_statements{
    "BEGIN", "START TRANSACTION", "COMMIT", "END", "ABORT", "PREPARE TRANSACTION", "ROLLBACK"};

// These begin like one of those above and leave the transaction as it is.
constexpr std::array<std::string_view, 5> other_statements{"ROLLBACK TO", "ROLLBACK WORK TO",
                                                           "ROLLBACK TRANSACTION TO",
                                                           "ROLLBACK PREPARED", "COMMIT PREPARED"};

// The statement's tokens as one text: words in upper case, a space between, literals and quoted
// identifiers as they are, comments gone. For the few statements whose first words do not tell.
std::string flattened(const Statement& statement) {
  std::string result = " ";
  Lexer lexer;
  const char* at = statement.text.data();
  const char* const end = at + statement.text.size();
  for (Token token = lexer.next(at, end, true); token.kind != Kind::more;
       token = lexer.next(at, end, true)) {
    if (token.kind == Kind::comment) continue;
    std::string word(token.text());
    if (token.kind == Kind::word)
      std::transform(word.begin(), word.end(), word.begin(),
                     [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
    result += word + ' ';
  }
  return result;
}

bool mentions(std::string_view flat, std::string_view words) {
  return flat.find(' ' + std::string(words) + ' ') != std::string_view::npos;
}

// REINDEX (VERBOSE, CONCURRENTLY) TABLE t, REINDEX (VERBOSE) DATABASE d
bool reindexes_outside(const Statement& statement) {
  std::string flat = flattened(statement);
  std::size_t close = flat.find(") ");
  std::string_view kind = std::string_view(flat).substr(
      statement.words == "REINDEX" && close != std::string::npos ? close + 2 : 0);
  return mentions(flat, "CONCURRENTLY") || begins(kind, "DATABASE") || begins(kind, "SYSTEM") ||
         begins(kind, "SCHEMA");
}

// CLUSTER, CLUSTER VERBOSE and CLUSTER (VERBOSE) take every table in turn.
bool clusters_all(const Statement& statement) {
  std::string flat = flattened(statement);
  for (std::string_view known : {" CLUSTER ", " CLUSTER VERBOSE ", " CLUSTER ( VERBOSE ) "})
    if (flat == known || flat == std::string(known) + "; ") return true;
  return false;
}

// A new subscription makes its slot on the other server, unless it is told not to.
bool subscribes(const Statement& statement) {
  std::string flat = flattened(statement);
  return !mentions(flat, "CONNECT = FALSE") && !mentions(flat, "CREATE_SLOT = FALSE");
}

}  // namespace

bool runs_outside_transaction(const Statement& statement) {
  const std::string& words = statement.words;
  if (begins_with_one_of(words, always_outside) || begins_with_one_of(words, concurrent_indexes))
    return true;
  if (begins(words, "REINDEX")) return reindexes_outside(statement);
  if (begins(words, "CLUSTER")) return clusters_all(statement);
  if (begins(words, "CREATE SUBSCRIPTION")) return subscribes(statement);
  if (begins(words, "ALTER DATABASE")) return mentions(flattened(statement), "SET TABLESPACE");
  if (begins(words, "ALTER TABLE")) {
    std::string flat = flattened(statement);
    return mentions(flat, "DETACH PARTITION") && mentions(flat, "CONCURRENTLY");
  }
  return false;
}

bool is_closed(std::string_view text) {
  Lexer lexer;
  const char* at = text.data();
  const char* const end = at + text.size();
  bool closed = false;
  for (Token token = lexer.next(at, end, true); token.kind != Kind::more;
       token = lexer.next(at, end, true))
    if (token.kind != Kind::comment) closed = token.kind == Kind::symbol && *token.begin == ';';
  return closed;
}

bool controls_transaction(const Statement& statement) {
  const std::string& words = statement.words;
  return begins_with_one_of(words, transaction_statements) &&
         !begins_with_one_of(words, other_statements);
}

}  // namespace steward::sql
