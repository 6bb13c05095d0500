#include "runner/revision/file.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "runner/error.h"
#include "runner/text.h"

namespace steward::revision {
namespace {

constexpr std::size_t longest_id = 128;
constexpr std::size_t longest_slug = 40;
constexpr std::string_view forbidden_in_id = ":@+-,'\"`/\\()[]{}<>";
constexpr std::array<std::string_view, 4> targets{"head", "heads", "base", "current"};

bool fits_id(char c) {
  unsigned char byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte != 0x7F && forbidden_in_id.find(c) == std::string_view::npos;
}

bool is_slug_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// owner, region=eu
std::vector<std::string> written(const std::vector<Variable>& variables) {
  std::vector<std::string> words;
  for (const Variable& variable : variables)
    words.push_back(variable.name + (variable.value ? "=" + *variable.value : ""));
  return words;
}

// A header's value has one line.
std::string one_line(std::string_view text) {
  std::string result(trim(text));
  for (char& c : result)
    if (is_space(c)) c = ' ';
  return result;
}

void add_header(std::string& text, std::string_view key, std::string_view value) {
  text.append("-- ").append(key).append(":");
  if (!value.empty()) text.append(" ").append(value);
  text += '\n';
}

void add_option(std::string& text, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  bool quote = std::any_of(value.begin(), value.end(), is_space);
  text.append(" ").append(name).append(quote ? "=\"" : "=").append(value).append(quote ? "\"" : "");
}

void add_section(std::string& text, std::string_view name, const Options& options,
                 std::string_view script) {
  text.append("-- steward:").append(name);
  if (!options.transaction) text += " transaction=off";
  add_option(text, "lock_timeout", options.lock_timeout);
  add_option(text, "statement_timeout", options.statement_timeout);
  add_option(text, "role", options.role);
  text.append("\n").append(script);
  if (!text.ends_with('\n')) text += '\n';
}

}  // namespace

bool valid_id(std::string_view text) {
  return !text.empty() && text.size() <= longest_id &&
         std::all_of(text.begin(), text.end(), fits_id) &&
         std::find(targets.begin(), targets.end(), text) == targets.end();
}

std::string compose(const File& file, std::string_view upgrade, std::string_view downgrade) {
  std::string text;
  add_header(text, "revision", file.id);
  add_header(text, "revises", joined(file.parents));
  add_header(text, "message", one_line(file.message));
  if (!file.created.empty()) add_header(text, "created", one_line(file.created));
  if (!file.labels.empty()) add_header(text, "labels", joined(file.labels));
  if (!file.depends_on.empty()) add_header(text, "depends-on", joined(file.depends_on));
  if (!file.replaces.empty()) add_header(text, "replaces", joined(file.replaces));
  if (!file.variables.empty()) add_header(text, "variables", joined(written(file.variables)));
  for (const Allowance& allowance : file.allow)
    add_header(text, "allow", allowance.rule + ' ' + one_line(allowance.reason));
  add_section(text, "upgrade", file.upgrade.options, upgrade);
  if (file.irreversible)
    text += "-- steward:irreversible " + one_line(*file.irreversible) + '\n';
  else
    add_section(text, "downgrade", file.downgrade ? file.downgrade->options : Options(), downgrade);
  return text;
}

std::string slug(std::string_view message) {
  std::string result;
  for (char c : lower(message)) {
    if (is_slug_character(c))
      result += c;
    else if (!result.empty() && result.back() != '_')
      result += '_';
  }
  if (result.size() > longest_slug) {
    std::size_t word = result.rfind('_', longest_slug);
    result.resize(word == std::string::npos ? longest_slug : word);
  }
  while (result.ends_with('_')) result.pop_back();
  return result.empty() ? "revision" : result;
}

std::string new_id() {
  std::array<unsigned char, 6> bytes;
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw Error(Exit::unexpected, "no_random_source", "the system gives no random bytes");
  return hex(bytes.data(), bytes.size());
}

}  // namespace steward::revision
