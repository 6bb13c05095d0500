#include "runner/revision/header.h"

#include <algorithm>
#include <array>
#include <utility>

#include "runner/sql/fault.h"
#include "runner/text.h"

namespace steward::revision {

struct Header::Entry {
  std::string_view key;
  std::string_view value;
  std::uint64_t key_offset;
  std::uint64_t value_offset;
  std::uint64_t line;
};

namespace {

constexpr std::array<std::string_view, 9> keys{"revision", "revises", "message",
                                               "created",  "labels",  "depends-on",
                                               "replaces", "allow",   "variables"};

bool is_key(std::string_view word) {
  return std::find(keys.begin(), keys.end(), word) != keys.end();
}

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || c == '-';
}

// Whether a comment that begins `word:` was meant as a header, so that a typo is not lost: any
// single lower-case word, and a known one in any case. `https://...` is none.
bool looks_like_key(std::string_view word, std::string_view after) {
  if (word.empty() || after.starts_with("//")) return false;
  return is_key(lower(word)) || std::all_of(word.begin(), word.end(), is_key_character);
}

[[noreturn]] void fail(std::string code, std::string message, std::string hint,
                       std::uint64_t offset) {
  throw sql::Fault{std::move(code), std::move(message), std::move(hint), offset};
}

[[noreturn]] void refuse_id(std::string_view text, std::uint64_t offset) {
  fail("bad_id", in_quotes(text) + " cannot be a revision's id",
       "up to 128 characters, none of : @ + - , spaces, quotes, slashes or brackets", offset);
}

[[noreturn]] void refuse_key(std::string_view key, std::uint64_t offset) {
  std::string hint =
      "the headers are revision, revises, message, created, labels, depends-on, replaces, allow, "
      "variables";
  if (is_key(lower(key))) hint = "write it in lower case: " + lower(key);
  fail("unknown_header", "unknown header " + in_quotes(key), std::move(hint), offset);
}

}  // namespace

void Header::take(std::string_view line, std::uint64_t offset, std::uint64_t number) {
  std::string_view text = trim(line);
  auto offset_of = [&](std::string_view part) {
    return offset + static_cast<std::uint64_t>(part.data() - line.data());
  };
  if (text.empty()) return;
  if (!text.starts_with("--"))
    fail("text_before_marker", "text above the first marker",
         "write -- steward:upgrade above the upgrade's first statement", offset_of(text));
  std::string_view comment = trim(text.substr(2));
  std::size_t colon = comment.find(':');
  if (colon == std::string_view::npos) return;
  std::string_view key = comment.substr(0, colon), after = comment.substr(colon + 1);
  if (!looks_like_key(key, after)) return;
  std::string_view value = trim(after);
  if (value.empty()) value = after.substr(0, 0);
  take_entry({key, value, offset_of(key), offset_of(value), number});
}

void Header::take_entry(const Entry& entry) {
  std::string_view key = entry.key;
  if (!is_key(key)) refuse_key(key, entry.key_offset);
  if (key == "allow") return take_allowance(entry);
  if (std::find(seen_.begin(), seen_.end(), key) != seen_.end())
    fail("repeated_header", "header " + in_quotes(key) + " is given twice", "", entry.key_offset);
  seen_.emplace_back(key);
  if (key == "revision") take_id(entry);
  if (key == "revises") take_list(entry, file_.parents);
  if (key == "labels") take_list(entry, file_.labels);
  if (key == "depends-on") take_list(entry, file_.depends_on);
  if (key == "replaces") take_list(entry, file_.replaces);
  if (key == "variables") take_variables(entry);
  if (key == "message") file_.message = entry.value;
  if (key == "created") file_.created = entry.value;
}

void Header::take_id(const Entry& entry) {
  if (!valid_id(entry.value)) refuse_id(entry.value, entry.value_offset);
  file_.id = entry.value;
}

void Header::take_list(const Entry& entry, std::vector<std::string>& list) const {
  for (std::string_view part : split(entry.value, ',')) {
    if (!valid_id(part)) refuse_id(part, entry.value_offset);
    if (std::find(list.begin(), list.end(), part) != list.end())
      fail("repeated_id", in_quotes(part) + " is named twice", "", entry.value_offset);
    list.emplace_back(part);
  }
}

namespace {

bool is_variable_name(std::string_view name) {
  return !name.empty() && name.size() <= 63 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
  });
}

}  // namespace

// name, name=value
void Header::take_variables(const Entry& entry) {
  for (std::string_view part : split(entry.value, ',')) {
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view name = trim(part.substr(0, equals));
    if (!is_variable_name(name))
      fail("bad_variable", in_quotes(name) + " cannot be a variable's name",
           "letters, digits, _ and . only: -- variables: owner, region=eu", entry.value_offset);
    Variable variable{std::string(name), std::nullopt};
    if (equals < part.size()) variable.value = std::string(trim(part.substr(equals + 1)));
    file_.variables.push_back(std::move(variable));
  }
}

// rule reason in words
void Header::take_allowance(const Entry& entry) {
  std::size_t size = std::min(entry.value.find_first_of(" \t"), entry.value.size());
  Allowance allowance{std::string(entry.value.substr(0, size)),
                      std::string(trim(entry.value.substr(size))), entry.line};
  if (allowance.rule.empty())
    fail("no_rule", "allow names a rule and, after a space, the reason",
         "-- allow: drop-column nothing reads it since release 4", entry.value_offset);
  file_.allow.push_back(std::move(allowance));
}

}  // namespace steward::revision
