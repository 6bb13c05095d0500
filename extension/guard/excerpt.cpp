#include "extension/guard/excerpt.h"

namespace steward::guard {
namespace {

constexpr char hidden[] = " ***";

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

// In an identifier; bytes above ASCII may be.
bool is_of_word(char c) noexcept {
  return c < 0 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && (is_blank(text.back()) || text.back() == ';')) text.remove_suffix(1);
  return text;
}

std::string_view source_of(const PlannedStmt* statement, const char* text) noexcept {
  if (statement->stmt_location < 0) return {};
  std::string_view all = text;
  auto at = static_cast<std::size_t>(statement->stmt_location);
  if (at > all.size()) return {};
  return trimmed(all.substr(at, statement->stmt_len > 0
                                    ? static_cast<std::size_t>(statement->stmt_len)
                                    : std::string_view::npos));
}

bool is_setting(const Node* node) noexcept {
  return IsA(node, AlterRoleSetStmt) || IsA(node, AlterDatabaseSetStmt);
}

// The word TO, which stands before a setting's value.
bool is_to(std::string_view text, std::size_t at) noexcept {
  return (text[at] == 't' || text[at] == 'T') && at + 1 < text.size() &&
         (text[at + 1] == 'o' || text[at + 1] == 'O') && (at == 0 || !is_of_word(text[at - 1])) &&
         (at + 2 == text.size() || !is_of_word(text[at + 2]));
}

// The value of a setting may stand there without quotes.
std::string_view without_values(std::string_view text, bool setting) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\'' || c == '$') return text.substr(0, i);
    if (setting && c == '=') return text.substr(0, i + 1);
    if (setting && is_to(text, i)) return text.substr(0, i + 2);
  }
  return text;
}

std::string cut(std::string_view text) {
  if (text.size() <= longest_excerpt) return std::string(text);
  auto whole = static_cast<std::size_t>(
      pg_mbcliplen(text.data(), static_cast<int>(text.size()), static_cast<int>(longest_excerpt)));
  return std::string(text.substr(0, whole)) + "...";
}

}  // namespace

bool may_hold_secret(const Node* statement) noexcept {
  switch (nodeTag(statement)) {
    case T_CreateRoleStmt:
    case T_AlterRoleStmt:
    case T_AlterRoleSetStmt:
    case T_AlterDatabaseSetStmt:
    case T_CreateUserMappingStmt:
    case T_AlterUserMappingStmt:
    case T_CreateForeignServerStmt:
    case T_AlterForeignServerStmt:
    case T_CreateForeignTableStmt:
    case T_ImportForeignSchemaStmt:
    case T_CreateFdwStmt:
    case T_AlterFdwStmt:
    case T_CreateSubscriptionStmt:
    case T_AlterSubscriptionStmt:
      return true;
    default:
      return false;
  }
}

std::string excerpt(const PlannedStmt* statement, const char* text) {
  std::string_view source = source_of(statement, text);
  if (!may_hold_secret(statement->utilityStmt)) return cut(source);
  std::string_view shown = without_values(source, is_setting(statement->utilityStmt));
  if (shown.size() == source.size()) return cut(source);
  return cut(trimmed(shown)) + hidden;
}

}  // namespace steward::guard
